//! `.env`, to which `setup` adds settings.

use std::fs;
use std::io::{Error, ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use super::answers::quoted;
use crate::cli::Failure;

fn failed(file: &Path, error: &Error) -> Failure {
    Failure::Failed(format!("cannot write {}: {error}", file.display()))
}

/// Makes sure that settings can be added, and leaves the file as it was: else an administrator would be added and then
/// no room.
///
/// # Errors
///
/// The file, and why it cannot be written, such as in a read-only file system.
pub(super) fn check_writable(file: &Path) -> Result<(), Failure> {
    // Not followed: a link that leads nowhere is there, and what it leads to is made.
    let is_there = fs::symlink_metadata(file).is_ok();
    let open = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file);
    open.map_err(|error| failed(file, &error))?;
    match is_there {
        true => Ok(()),
        false => fs::remove_file(file).map_err(|error| failed(file, &error)),
    }
}

/// Adds settings to a file that has none of them yet, which is its owner's alone from then on; their names.
pub(super) fn add(
    file: &Path,
    settings: &[(&'static str, String)],
) -> Result<Vec<&'static str>, Failure> {
    if settings.is_empty() {
        return Ok(Vec::new());
    }
    let mut text = match fs::read_to_string(file) {
        Ok(text) if text.is_empty() || text.ends_with('\n') => String::new(),
        Ok(_) => "\n".to_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed(file, &error)),
    };
    for (name, value) in settings {
        text.push_str(&format!("{name}={}\n", quoted(value)));
    }
    let options = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file);
    let mut open = options.map_err(|error| failed(file, &error))?;
    // There may be a password among them, and it may have been there for others to read.
    let own = fs::Permissions::from_mode(0o600);
    open.set_permissions(own).map_err(|error| failed(file, &error))?;
    open.write_all(text.as_bytes()).map_err(|error| failed(file, &error))?;
    Ok(settings.iter().map(|(name, _)| *name).collect())
}
