//! Where SECRET_KEY comes from: the environment, else the key file; and how the key file gets another key.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};

use super::private::{create_folder, sync_folder, write_private};
use super::{MIN_SECRET, Settings};

/// The name of the key file.
const KEY_FILE: &str = "secret.key";
/// What the name of a file ends in that holds the next key until the database has taken it.
const NEXT: &str = "new";
/// What the name of a file ends in that holds the key before the last rotation, for backups.
const FORMER: &str = "old";
/// The keys of earlier rotations that are kept, with a number behind that.
const MAX_FORMER: u32 = 100;
/// The characters of a key that is made here: 373 bits.
const KEY_LENGTH: usize = 64;

/// Where the next key comes from.
#[derive(Clone, Debug)]
pub enum NewKey {
    /// An administrator has given it.
    Given(SecretString),
    /// It was made here.
    Made(SecretString),
}

impl NewKey {
    /// The key that an administrator gives, or one that is made here.
    ///
    /// # Errors
    ///
    /// A sentence, if the given one is too short.
    pub fn of(given: Option<&str>) -> Result<NewKey, String> {
        match given.map(str::trim) {
            None => Ok(NewKey::Made(store::secrets::random_text(KEY_LENGTH).into())),
            Some(key) if is_long_enough(key) => Ok(NewKey::Given(key.into())),
            Some(_) => Err(format!(
                "the new key must have at least {MIN_SECRET} characters that nobody can guess"
            )),
        }
    }

    /// The key.
    pub fn key(&self) -> &SecretString {
        let (NewKey::Given(key) | NewKey::Made(key)) = self;
        key
    }
}

fn is_long_enough(key: &str) -> bool {
    key.chars().count() >= MIN_SECRET
}

impl Settings {
    /// The key file, which is used unless `SECRET_KEY` is set.
    pub fn key_file(&self) -> PathBuf {
        self.data_dir.join(KEY_FILE)
    }

    /// The file that holds the next key while the database is taking it.
    pub fn next_key_file(&self) -> PathBuf {
        self.key_file().with_added_extension(NEXT)
    }

    /// The file that holds the key before the last rotation.
    pub fn former_key_file(&self) -> PathBuf {
        self.key_file().with_added_extension(FORMER)
    }

    /// The files that may hold earlier keys: that of the last rotation, and those before.
    pub fn former_key_files(&self) -> Vec<PathBuf> {
        let former = self.former_key_file();
        let earlier =
            (1..=MAX_FORMER).map(|number| former.with_added_extension(number.to_string()));
        let mut all: Vec<PathBuf> = earlier.collect();
        all.insert(0, former);
        all
    }

    /// The secret that stored passwords are encrypted with; a missing key file is created.
    ///
    /// # Errors
    ///
    /// A sentence: what failed, and what to do.
    pub fn secret(&self) -> Result<SecretString, String> {
        if let Some(secret) = &self.secret_key {
            return Ok(secret.clone());
        }
        create_folder(&self.data_dir)?;
        let path = self.key_file();
        let failed = |what: &str, error: &std::io::Error| {
            format!("the key file {} cannot be {what}: {error}", path.display())
        };
        match fs::read_to_string(&path) {
            Ok(text) if is_long_enough(text.trim()) => Ok(SecretString::from(text.trim())),
            Ok(_) => Err(format!(
                "the key file {} holds no key; restore it from a backup, or remove it and enter \
                 the passwords of calendar servers again",
                path.display()
            )),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let key = store::secrets::random_text(KEY_LENGTH);
                write_private(&path, &key).map_err(|error| failed("written", &error))?;
                Ok(SecretString::from(key))
            }
            Err(error) => Err(failed("read", &error)),
        }
    }

    /// Writes the next key beside the key file, where it survives whatever happens before the database has
    /// taken it.
    ///
    /// # Errors
    ///
    /// A sentence: what failed, and what to do.
    pub fn prepare_key_file(&self, next: &SecretString) -> Result<(), String> {
        create_folder(&self.data_dir)?;
        let (path, file) = (self.next_key_file(), self.key_file());
        write_private(&path, next.expose_secret()).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => format!(
                "an earlier rotation was interrupted: {} is there. If `room-booking doctor` says \
                 that the stored secrets can be decrypted, remove it; otherwise move it to {}",
                path.display(),
                file.display()
            ),
            _ => format!("the key file {} cannot be written: {error}", path.display()),
        })
    }

    /// Makes the next key the key, and keeps the former one beside it.
    ///
    /// # Errors
    ///
    /// A sentence: what failed, and what to do.
    pub fn replace_key_file(&self) -> Result<(), String> {
        let (next, file, former) = (self.next_key_file(), self.key_file(), self.former_key_file());
        replace(&next, &file, &former).map_err(|error| {
            format!(
                "the database has the new key, but the key file cannot be replaced: {error}; move {} \
                 to {}",
                next.display(),
                file.display()
            )
        })
    }

    /// Removes the next key, which the database has not taken.
    pub fn discard_next_key(&self) {
        // Where it stays, the next rotation says so.
        let _ = fs::remove_file(self.next_key_file());
    }
}

/// Moves the key before the one before out of the way: a backup of its time may need it.
fn keep_former(former: &Path) -> std::io::Result<()> {
    if !former.exists() {
        return Ok(());
    }
    let free = (1..=MAX_FORMER).map(|number| former.with_added_extension(number.to_string()));
    let Some(free) = free.into_iter().find(|it| !it.exists()) else {
        return Err(std::io::Error::other(format!(
            "there are {MAX_FORMER} former keys beside {}; remove those that no backup needs",
            former.display()
        )));
    };
    fs::rename(former, free)
}

fn replace(next: &Path, file: &Path, former: &Path) -> std::io::Result<()> {
    match fs::read_to_string(file) {
        Ok(key) => {
            keep_former(former)?;
            write_private(former, &key)?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    fs::rename(next, file)?;
    sync_folder(file)
}
