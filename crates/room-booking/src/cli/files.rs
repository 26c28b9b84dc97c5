//! Calendar files.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use ical::Calendar;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Failure;

/// The largest file that is read.
const MAX_FILE_BYTES: u64 = 4 << 30;

/// The file size from which a progress bar is shown.
const LARGE_FILE_BYTES: u64 = 16 << 20;

/// The number of bytes that are read between two updates of the progress bar.
const CHUNK_BYTES: u64 = 4 << 20;

/// Reads a file whole.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    read_with_bar(path).map_err(|error| {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::IsADirectory => "it is a folder; name the .ics files in it".to_owned(),
            io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
            _ => error.to_string(),
        };
        Failure::Failed(format!("cannot read {}: {reason}", path.display()))
    })
}

fn read_with_bar(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let length = metadata.len();
    let bar = bar(length, length, "reading");
    let mut bytes = Vec::with_capacity(length.min(MAX_FILE_BYTES) as usize);
    loop {
        let read = (&mut file).take(CHUNK_BYTES).read_to_end(&mut bytes)?;
        bar.inc(read as u64);
        if read == 0 {
            bar.finish_and_clear();
            return Ok(bytes);
        }
        if bytes.len() as u64 > MAX_FILE_BYTES {
            let limit = format!("it is larger than {} GiB", MAX_FILE_BYTES >> 30);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, limit));
        }
    }
}

/// Reads the calendar of a file's text.
pub fn calendar<'a>(path: &Path, text: &'a [u8]) -> Result<Calendar<'a>, Failure> {
    Calendar::parse(text)
        .map_err(|error| Failure::Failed(format!("cannot read {}: {error}", path.display())))
}

/// The name of a file's calendar: the file's, without its ending.
pub fn calendar_name(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// A progress bar over `steps` for a file of `bytes`: shown on a terminal, for a large file.
pub fn bar(bytes: u64, steps: u64, what: &'static str) -> ProgressBar {
    if bytes < LARGE_FILE_BYTES || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg:>8} {wide_bar} {percent:>3} % {eta:>4}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(what);
    bar
}
