//! `secret rotate`, and the files that hold secrets.

use std::fs;

use testing::fake::{PASSWORD, Quirks};
use testing::process::Server;

use super::servers::Setting;
use super::{done, fails, lab};
use testing::program::Folder;

const FORMER: (&str, &str) = ("SECRET_KEY", "the former key of the tests");
const NEW: (&str, &str) = ("NEW_SECRET_KEY", "the next key of the tests");

fn key(folder: &Folder, name: &str) -> Option<String> {
    fs::read_to_string(folder.path().join("data").join(name)).ok()
}

/// A folder with a calendar on a server, whose password is encrypted.
fn setting() -> Setting {
    let setting = Setting::new(Quirks::RFC);
    let added = setting.add(&[]);
    assert_eq!(added.status(), 0, "{}", added.err());
    setting
}

#[test]
fn a_key_that_is_made_replaces_the_key_file_and_everything_goes_on() {
    let setting = setting();
    let folder = &setting.folder;
    let former = key(folder, "secret.key").unwrap();
    let said = done(folder, &["secret", "rotate"]);
    assert!(said.contains("1 secret is encrypted with the new key"), "{said}");
    assert!(said.contains("start every server again"), "{said}");
    let new = key(folder, "secret.key").unwrap();
    assert!(new.len() == 64 && new != former && !said.contains(&new));
    assert_eq!(key(folder, "secret.key.old").unwrap(), former);
    assert_eq!(key(folder, "secret.key.new"), None);
    done(folder, &["clear"]);
    assert!(done(folder, &["doctor"]).contains("secrets: 1 stored secret"));
    let listed = setting.folder.run(&["history", "list", "--json"]);
    assert_eq!(listed.status(), 0);
    // Again, and with a key of the administrator's.
    let said = folder.run_with(&[NEW], &["secret", "rotate"]);
    assert_eq!(said.status(), 0, "{}", said.err());
    assert_eq!(key(folder, "secret.key").unwrap(), NEW.1);
    assert_eq!(key(folder, "secret.key.old").unwrap(), new);
    assert_eq!(key(folder, "secret.key.old.1").unwrap(), former, "a backup of that time needs it");
    done(folder, &["clear"]);
    // With an earlier one, the doctor says what is wrong.
    folder.write("data/secret.key", &former);
    let doctor = folder.run(&["doctor"]);
    assert_eq!(doctor.status(), 1);
    let said = doctor.out();
    assert!(said.contains("not the key of this database: 1 of 1 stored secrets"), "{said}");
    assert!(said.contains("restore the key file"), "{said}");
}

#[test]
fn with_a_wrong_key_no_password_is_stored_and_a_lost_key_is_given_up_by_a_command() {
    let setting = setting();
    let folder = &setting.folder;
    let right = key(folder, "secret.key").unwrap();
    let enter = || {
        let password = ["account", "set", "1", "--password-stdin"];
        folder.run_with_input(&format!("{PASSWORD}\n"), &password)
    };
    folder.write("data/secret.key", "a key of somewhere else");
    let (status, said) = (enter().status(), enter().err());
    assert!(status == 1 && said.contains("SECRET_KEY is not the one of this database"), "{said}");
    folder.write("data/secret.key", &right);
    done(folder, &["clear"]);
    // The file is missing: nobody makes another one.
    fs::remove_file(folder.path().join("data/secret.key")).unwrap();
    let doctor = folder.run(&["doctor"]);
    assert!(
        doctor.status() == 1 && doctor.out().contains("is missing, and stored secrets need it")
    );
    assert_eq!(key(folder, "secret.key"), None);
    // The right one is lost.
    folder.write("data/secret.key", "a key of somewhere else");
    let said = fails(folder, 1, &["secret", "rotate"]);
    assert!(said.contains("does not decrypt the password of account 1"), "{said}");
    let said = done(folder, &["secret", "rotate", "--forget-unreadable"]);
    assert!(said.contains("Given up: the password of account 1"), "{said}");
    let doctor = folder.run(&["doctor"]).out();
    assert!(doctor.contains("secrets: 0 stored secrets"), "{doctor}");
    let said = fails(folder, 1, &["clear"]);
    assert!(said.contains("account set 1"), "{said}");
    assert_eq!(enter().status(), 0, "{}", enter().err());
    done(folder, &["clear"]);
}

#[test]
fn a_key_of_the_environment_is_changed_there_and_no_key_file_is_made() {
    let setting = setting();
    let folder = &setting.folder;
    // From the key file to the environment.
    folder.write("former", &format!("{}\n", FORMER.1));
    done(folder, &["secret", "rotate", "--new-key-file", "former"]);
    fs::remove_file(folder.path().join("data/secret.key")).unwrap();
    let cleared = folder.run_with(&[FORMER], &["clear"]);
    assert_eq!(cleared.status(), 0, "{}", cleared.err());
    let rotated = folder.run_with(&[FORMER, NEW], &["secret", "rotate"]);
    assert_eq!(rotated.status(), 0, "{}", rotated.err());
    let said = rotated.out();
    assert!(said.contains("set SECRET_KEY to the value of NEW_SECRET_KEY, in .env"), "{said}");
    assert!(!said.contains(NEW.1) && key(folder, "secret.key").is_none(), "{said}");
    let late = folder.run_with(&[FORMER], &["clear"]);
    assert_eq!(late.status(), 1);
    assert!(
        late.out().contains("cannot be decrypted") || late.err().contains("cannot be decrypted")
    );
    let cleared = folder.run_with(&[("SECRET_KEY", NEW.1)], &["clear"]);
    assert_eq!(cleared.status(), 0, "{}", cleared.err());
    // Without a new key, one is made, and the setting is no longer needed.
    let rotated = folder.run_with(&[("SECRET_KEY", NEW.1)], &["secret", "rotate"]);
    assert_eq!(rotated.status(), 0, "{}", rotated.err());
    assert!(rotated.out().contains("remove SECRET_KEY from .env"), "{}", rotated.out());
    done(folder, &["clear"]);
}

#[test]
fn a_rotation_that_cannot_be_done_changes_nothing_and_says_why() {
    let setting = setting();
    let folder = &setting.folder;
    let former = key(folder, "secret.key").unwrap();
    let refused = |variables: &[(&str, &str)], status: i32, arguments: &[&str], said: &str| {
        let ended = folder.run_with(variables, &[&["secret", "rotate"], arguments].concat());
        assert_eq!((ended.status(), ended.out().as_str()), (status, ""), "{}", ended.err());
        assert!(ended.err().contains(said), "{}", ended.err());
        assert_eq!(key(folder, "secret.key").unwrap(), former);
        assert_eq!(key(folder, "secret.key.new"), None);
    };
    refused(&[("NEW_SECRET_KEY", "short")], 1, &[], "at least 16 characters");
    refused(&[("NEW_SECRET_KEY", &former)], 1, &[], "the new key is the present one");
    refused(&[NEW], 2, &["--new-key-file", "x"], "either --new-key-file or NEW_SECRET_KEY");
    refused(&[], 1, &["--new-key-file", "x"], "the file x cannot be read");
    refused(&[FORMER], 1, &[], "a key file");
    // With another key than the one that the password was encrypted with.
    refused(&[FORMER, NEW], 1, &[], "does not decrypt the password of account 1");
    done(folder, &["clear"]);
    folder.write("data/secret.key.new", "left by a crash, perhaps");
    let said = fails(folder, 1, &["secret", "rotate"]);
    assert!(said.contains("an earlier rotation was interrupted"), "{said}");
    assert_eq!(key(folder, "secret.key.new").unwrap(), "left by a crash, perhaps");
}

#[test]
fn a_rotation_that_was_interrupted_after_its_commit_is_completed_with_one_command() {
    let setting = setting();
    let folder = &setting.folder;
    let former = key(folder, "secret.key").unwrap();
    done(folder, &["secret", "rotate"]);
    // As if the process had ended before it replaced the key file.
    let data = folder.path().join("data");
    fs::rename(data.join("secret.key"), data.join("secret.key.new")).unwrap();
    folder.write("data/secret.key", &former);
    let doctor = folder.run(&["doctor"]);
    let said = doctor.out();
    assert!(doctor.status() == 1 && said.contains("a rotation was interrupted: move "), "{said}");
    fs::rename(data.join("secret.key.new"), data.join("secret.key")).unwrap();
    done(folder, &["clear"]);
}

#[cfg(unix)]
#[test]
fn a_server_that_starts_names_the_files_that_others_can_open_and_how_to_mend_it() {
    use std::os::unix::fs::PermissionsExt as _;
    const WARNING: &str = "other users can read or write this";
    let folder = lab();
    done(&folder, &["secret", "rotate"]);
    let data = folder.path().join("data");
    let url = format!("sqlite://{}", data.join("room-booking.sqlite").display());
    let start = || {
        let data = [("DATA_DIR", data.display().to_string())];
        let mut server = Server::start_with(&url, folder.path(), &data);
        testing::block_on(server.ready(&testing::http_client()));
        let log = server.log();
        server.kill();
        log
    };
    let log = start();
    assert!(!log.contains(WARNING), "{log}");
    let key = data.join("secret.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o604)).unwrap();
    let log = start();
    let warnings: Vec<_> = log.lines().filter(|line| line.contains(WARNING)).collect();
    let [warning] = warnings[..] else { panic!("{log}") };
    let command = format!("chmod 600 '{}'", key.display());
    assert!(warning.contains("WARN") && warning.contains(&command), "{warning}");
}

#[cfg(unix)]
#[test]
fn what_the_program_makes_is_its_owners_alone_and_the_doctor_names_what_is_not() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = lab();
    let path = |name: &str| folder.path().join(name);
    let mode = |name: &str| fs::metadata(path(name)).unwrap().permissions().mode() & 0o777;
    done(&folder, &["secret", "rotate"]);
    assert_eq!(mode("data"), 0o700);
    done(&folder, &["secret", "rotate"]);
    for name in ["room-booking.sqlite", "secret.key", "secret.key.old", "secret.key.old.1"] {
        assert_eq!(mode(&format!("data/{name}")), 0o600, "{name}");
    }
    let said = done(&folder, &["doctor"]);
    assert!(said.contains("ok       files: those with secrets"), "{said}");
    folder.write(".env", "TIME_ZONE=Europe/Berlin\n");
    for (name, open, mended) in [
        ("data", 0o755, "700"),
        ("data/room-booking.sqlite", 0o640, "600"),
        ("data/secret.key", 0o604, "600"),
        ("data/secret.key.old.1", 0o640, "600"),
        (".env", 0o644, "600"),
    ] {
        fs::set_permissions(path(name), fs::Permissions::from_mode(open)).unwrap();
        let said = done(&folder, &["doctor"]);
        let command = format!("chmod {mended} '{}'", path(name).display());
        assert!(said.contains(&format!("mend it with: {command}")), "{said}");
        assert_eq!(mode(name), open, "it is not changed");
    }
}
