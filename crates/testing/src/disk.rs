//! A disk that can be filled, for tests as root: a file system in memory of a few megabytes.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small disk. It is taken away when this is dropped.
pub struct SmallDisk {
    /// Holds the mount point, so that a test may open a way to it and change no folder of others.
    _folder: tempfile::TempDir,
    mount: PathBuf,
}

/// The file that takes all the space that is left.
const BALLAST: &str = "ballast";

impl SmallDisk {
    /// An empty disk of a number of megabytes; `None` where the test may not mount one.
    pub fn new(megabytes: u32) -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let mount = folder.path().join("disk");
        fs::create_dir(&mount).unwrap();
        let size = format!("size={megabytes}m,mode=755");
        let mounting =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&mount).status();
        let is_mounted = mounting.is_ok_and(|it| it.success());
        is_mounted.then_some(SmallDisk { _folder: folder, mount })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.mount
    }

    /// Takes all the space that is left.
    pub fn fill(&self) {
        let mut file = fs::File::create(self.ballast()).unwrap();
        // Down to the last byte: the last write takes what is left of a block.
        for size in [65_536, 4_096, 1] {
            let bytes = vec![0; size];
            while file.write_all(&bytes).is_ok() {}
        }
    }

    /// Gives that space back.
    pub fn free(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.path().join(BALLAST)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: files of it may still be open.
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}
