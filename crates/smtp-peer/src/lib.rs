//! A real mail server for tests: aiosmtpd from PyPI, with TLS, STARTTLS and authentication. It
//! records messages and misbehaves as a test requires.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use serde_json::Value;
use tempfile::TempDir;

/// How the server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Without TLS.
    None,
    /// With TLS from the first byte on.
    Tls,
    /// With required STARTTLS.
    StartTls,
}

/// The options of a server.
#[derive(Clone, Debug)]
pub struct Options {
    /// How it is reached.
    pub security: Security,
    /// User and password; `None` for no authentication.
    pub login: Option<(&'static str, &'static str)>,
    /// The name in its certificate.
    pub name: &'static str,
    /// Whether its certificate has expired.
    pub is_expired: bool,
    /// The port; 0 for any.
    pub port: u16,
    /// Whether it takes addresses beyond ASCII (SMTPUTF8).
    pub has_utf8: bool,
}

impl Default for Options {
    fn default() -> Options {
        let security = Security::None;
        Options {
            security,
            login: None,
            name: "localhost",
            is_expired: false,
            port: 0,
            has_utf8: true,
        }
    }
}

/// A mail server. It ends when this is dropped.
pub struct SmtpPeer {
    child: Child,
    folder: TempDir,
    /// Its port on 127.0.0.1, which is also `localhost`.
    pub port: u16,
}

impl SmtpPeer {
    /// Starts a server; the first start on a machine installs aiosmtpd from PyPI.
    pub fn start(options: &Options) -> SmtpPeer {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(python());
        command.arg(root().join("crates/smtp-peer/server.py")).arg(folder.path());
        command.args([
            "--security",
            match options.security {
                Security::None => "none",
                Security::Tls => "tls",
                Security::StartTls => "starttls",
            },
        ]);
        if options.security != Security::None {
            let [certificate, key] = certificate(folder.path(), options);
            command.arg("--certificate").arg(certificate).arg("--key").arg(key);
        }
        if let Some((user, password)) = options.login {
            command.arg("--login").arg(format!("{user}:{password}"));
        }
        if !options.has_utf8 {
            command.arg("--no-utf8");
        }
        command.arg("--port").arg(options.port.to_string());
        let log = File::create(folder.path().join("log")).unwrap();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the mail server starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse();
        let log = || fs::read_to_string(folder.path().join("log")).unwrap_or_default();
        let port = port.unwrap_or_else(|_| panic!("the mail server does not start: {}", log()));
        SmtpPeer { child, folder, port }
    }

    /// Sets its behaviour from now on; `server.py` lists the options.
    pub fn behave(&self, manners: &Value) {
        let path = self.folder.path().join("manners.new");
        fs::write(&path, manners.to_string()).unwrap();
        fs::rename(path, self.folder.path().join("manners.json")).unwrap();
    }

    /// Its certificate authority, as a PEM file.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// All emails that the server accepted, in order.
    pub fn emails(&self) -> Vec<Value> {
        let mut names: Vec<_> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                let name = path.file_name().unwrap().to_str().unwrap();
                name.ends_with(".json") && name.starts_with(|it: char| it.is_ascii_digit())
            })
            .collect();
        names.sort();
        names.iter().map(|path| serde_json::from_slice(&fs::read(path).unwrap()).unwrap()).collect()
    }

    /// Waits until the server has accepted `number` emails, at most `limit`.
    pub fn wait_for(&self, number: usize, limit: Duration) -> Vec<Value> {
        let deadline = Instant::now() + limit;
        loop {
            let emails = self.emails();
            if emails.len() >= number {
                return emails;
            }
            assert!(Instant::now() < deadline, "{} of {number} emails came", emails.len());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for SmtpPeer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A header of an email by its name.
pub fn header<'l>(email: &'l Value, name: &str) -> Option<&'l str> {
    let headers = email["headers"].as_array().unwrap();
    let found = headers.iter().find(|it| it[0].as_str().unwrap().eq_ignore_ascii_case(name));
    found.map(|it| it[1].as_str().unwrap())
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// A Python environment with aiosmtpd, which is created if it does not exist.
fn python() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from);
    let folder = target.join("smtp-peer-1.4.6");
    fs::create_dir_all(&folder).unwrap();
    // Several tests may start at once.
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let python = folder.join("venv/bin/python");
    let done = folder.join("done");
    if !done.exists() {
        let _ = fs::remove_dir_all(folder.join("venv"));
        let run = |command: &mut Command| {
            let status = command.stdin(Stdio::null()).status();
            assert!(
                status.is_ok_and(|it| it.success()),
                "python3 with venv is needed: {command:?}"
            );
        };
        run(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")));
        let requirements = root().join("crates/smtp-peer/requirements.txt");
        let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        run(Command::new(&python).args(quiet).arg(requirements));
        File::create(done).unwrap();
    }
    python
}

/// Makes an authority and a certificate of it; the files of the certificate and its key.
fn certificate(folder: &Path, options: &Options) -> [PathBuf; 2] {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "An authority of a test");
    let of_authority = authority.self_signed(&authority_key).unwrap();
    fs::write(folder.join("authority.pem"), of_authority.pem()).unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![options.name.to_owned()]).unwrap();
    if options.is_expired {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    }
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let paths = [folder.join("certificate.pem"), folder.join("key.pem")];
    fs::write(&paths[0], certificate.pem()).unwrap();
    fs::write(&paths[1], key.serialize_pem()).unwrap();
    paths
}
