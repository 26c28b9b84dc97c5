//! Files that are their owner's alone: how they are made, and which of them others can open.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::Settings;

/// A file or folder that users other than its owner can read or write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposed {
    /// What it is.
    pub what: &'static str,
    /// Where it is.
    pub path: PathBuf,
    /// What mends it, as a command of a shell.
    pub mend: String,
}

impl Settings {
    /// The files with secrets, and their folder, that users other than the owner can read or write. The
    /// program changes no rights of what it finds.
    pub fn exposed(&self) -> Vec<Exposed> {
        let mut places = vec![
            ("data folder", self.data_dir.clone(), "700"),
            ("key file", self.key_file(), "600"),
            ("next key", self.next_key_file(), "600"),
            ("settings file", PathBuf::from(".env"), "600"),
        ];
        places.extend(self.former_key_files().into_iter().map(|it| ("former key", it, "600")));
        if let Some(database) = self.database_file() {
            for end in ["", "-wal", "-shm"] {
                let mut path = database.clone().into_os_string();
                path.push(end);
                places.push(("database", path.into(), "600"));
            }
        }
        let exposed = places.into_iter().filter(|(_, path, _)| is_open_to_others(path));
        let exposed = exposed.map(|(what, path, mode)| {
            let path = std::path::absolute(&path).unwrap_or(path);
            let word = path.display().to_string().replace('\'', r"'\''");
            Exposed { what, mend: format!("chmod {mode} '{word}'"), path }
        });
        exposed.collect()
    }
}

/// Whether users other than the owner can read or write what is at a path.
fn is_open_to_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        path.metadata().is_ok_and(|it| it.permissions().mode() & 0o066 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Creates a missing folder, which nobody but its owner can open.
pub(super) fn create_folder(path: &Path) -> Result<(), String> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| {
        format!("the folder {} cannot be made: {error}; set DATA_DIR to another", path.display())
    })
}

/// Creates a file that only its owner can read, from the first moment on; fails if it exists.
pub(super) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    sync_folder(path)
}

/// Makes sure that a file is in its folder also after a power failure.
pub(super) fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}
