//! Calendar files.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::ops::{Deref, Range};
use std::path::Path;

use ical::Calendar;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use memmap2::MmapMut;

use super::Failure;

/// The largest file that is read.
const MAX_FILE_BYTES: u64 = 4 << 30;

/// The file size from which a progress bar is shown.
const LARGE_FILE_BYTES: u64 = 16 << 20;

/// The number of bytes that are read between two updates of the progress bar.
const CHUNK_BYTES: u64 = 4 << 20;

/// The file size from which its bytes are put into huge pages, where the system has them.
const HUGE_FILE_BYTES: u64 = 4 << 20;

/// The size of a huge page.
const HUGE_PAGE_BYTES: usize = 2 << 20;

/// The bytes of a file.
pub struct FileBytes {
    kept: Kept,
}

enum Kept {
    Usual(Vec<u8>),
    /// Memory of huge pages, and where in it the bytes are. The kernel gives a page of memory on its first use, which takes
    /// longer than to read what is put there.
    Huge(MmapMut, Range<usize>),
}

impl Deref for FileBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.kept {
            Kept::Usual(bytes) => bytes,
            Kept::Huge(memory, range) => &memory[range.clone()],
        }
    }
}

/// Reads a file whole.
pub fn read(path: &Path) -> Result<FileBytes, Failure> {
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

fn read_with_bar(path: &Path) -> io::Result<FileBytes> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let length = metadata.len().min(MAX_FILE_BYTES);
    let bar = bar(length, length, "reading");
    let bytes = read_all(&mut file, length, &bar)?;
    bar.finish_and_clear();
    Ok(bytes)
}

/// Reads what a file has, which is probably `length` bytes.
fn read_all(file: &mut File, length: u64, bar: &ProgressBar) -> io::Result<FileBytes> {
    let huge = if length < HUGE_FILE_BYTES { None } else { read_huge(file, length as usize, bar)? };
    // What came after the length was asked for: all of a pipe, for instance.
    let mut rest = Vec::with_capacity(if huge.is_some() { 0 } else { length as usize });
    let read = huge.as_ref().map_or(0, |it| it.len());
    loop {
        let added = file.take(CHUNK_BYTES).read_to_end(&mut rest)?;
        bar.inc(added as u64);
        if (read + rest.len()) as u64 > MAX_FILE_BYTES {
            let limit = format!("it is larger than {} GiB", MAX_FILE_BYTES >> 30);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, limit));
        }
        if added == 0 {
            break;
        }
    }
    Ok(match huge {
        Some(huge) if rest.is_empty() => huge,
        Some(huge) => FileBytes { kept: Kept::Usual([&huge, &*rest].concat()) },
        None => FileBytes { kept: Kept::Usual(rest) },
    })
}

/// Reads `length` bytes, or fewer if there are fewer, into huge pages; `None` where there is no such memory.
fn read_huge(file: &mut File, length: usize, bar: &ProgressBar) -> io::Result<Option<FileBytes>> {
    let Ok(mut memory) = MmapMut::map_anon(length + HUGE_PAGE_BYTES) else { return Ok(None) };
    // Where the system has none, the pages are the usual ones.
    #[cfg(target_os = "linux")]
    let _ = memory.advise(memmap2::Advice::HugePage);
    let start = memory.as_ptr().align_offset(HUGE_PAGE_BYTES).min(HUGE_PAGE_BYTES);
    let mut end = start;
    while end < start + length {
        let chunk = (end + CHUNK_BYTES as usize).min(start + length);
        match file.read(&mut memory[end..chunk]) {
            Ok(0) => break,
            Ok(read) => {
                end += read;
                bar.inc(read as u64);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Some(FileBytes { kept: Kept::Huge(memory, start..end) }))
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A file of `length` bytes, and what is read of it where its length is said to be `said`.
    fn read_as(length: u64, said: u64) -> (Vec<u8>, FileBytes) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("room.ics");
        let bytes: Vec<u8> = (0..length).map(|it| (it % 251) as u8).collect();
        fs::write(&path, &bytes).unwrap();
        let read = read_all(&mut File::open(&path).unwrap(), said, &ProgressBar::hidden()).unwrap();
        (bytes, read)
    }

    #[test]
    fn a_file_is_read_whole_however_large_it_is_and_whatever_its_length_was_said_to_be() {
        let huge = HUGE_FILE_BYTES + CHUNK_BYTES + 17;
        for (length, said, is_huge) in [
            (0, 0, false),
            (1_000, 1_000, false),
            (HUGE_FILE_BYTES - 1, HUGE_FILE_BYTES - 1, false),
            (HUGE_FILE_BYTES, HUGE_FILE_BYTES, true),
            (huge, huge, true),
            // It was made shorter meanwhile, or longer.
            (1_000, huge, true),
            (huge, HUGE_FILE_BYTES, false),
            (huge, 0, false),
        ] {
            let (bytes, read) = read_as(length, said);
            assert_eq!(*read, *bytes, "{length} bytes, said to be {said}");
            let is_in_huge_pages = matches!(read.kept, Kept::Huge(..));
            assert_eq!(is_in_huge_pages, is_huge, "{length} bytes, said to be {said}");
        }
    }

    #[test]
    fn what_is_in_huge_pages_begins_where_such_a_page_does() {
        let (_, read) = read_as(HUGE_FILE_BYTES, HUGE_FILE_BYTES);
        assert_eq!(read.as_ptr().align_offset(HUGE_PAGE_BYTES), 0);
    }
}
