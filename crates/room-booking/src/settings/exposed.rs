//! Which files with secrets others than their owner can open.

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
