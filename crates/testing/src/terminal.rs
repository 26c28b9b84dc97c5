//! A program on a terminal, and somebody who types: `script` (util-linux) has the terminal.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// How long a question may take to come.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often the terminal is asked.
const PAUSE: Duration = Duration::from_millis(20);

/// A terminal.
pub struct Terminal {
    child: Child,
    input: ChildStdin,
    output: Receiver<Vec<u8>>,
    /// All that it has shown.
    shown: String,
    /// Up to where it was read.
    read: usize,
    /// The name of its device.
    device: String,
}

impl Terminal {
    /// Runs a program on a terminal.
    ///
    /// # Panics
    ///
    /// Where there is no `script`.
    pub fn start(
        program: &Path,
        folder: &Path,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Terminal {
        let mut command = super::program::program("script");
        let words: Vec<&str> =
            std::iter::once(program.to_str().unwrap()).chain(arguments.iter().copied()).collect();
        // The name of the terminal comes first.
        let line = format!("tty; exec '{}'", words.join("' '"));
        command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        command.env("SHELL", "/bin/sh").envs(environment.iter().copied()).current_dir(folder);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (sender, output) = mpsc::channel();
        let mut stdout = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            let mut bytes = [0; 4_096];
            while let Ok(count @ 1..) = stdout.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let input = child.stdin.take().unwrap();
        let (shown, read, device) = (String::new(), 0, String::new());
        let mut terminal = Terminal { child, input, output, shown, read, device };
        terminal.wait_for("\n");
        terminal.device = terminal.shown.lines().next().unwrap().trim().to_owned();
        terminal
    }

    /// Waits until a text is shown behind what was read.
    ///
    /// # Panics
    ///
    /// If it does not come.
    pub fn wait_for(&mut self, text: &str) {
        let begun = Instant::now();
        loop {
            if let Some(at) = self.shown[self.read..].find(text) {
                self.read += at + text.len();
                return;
            }
            match self.output.recv_timeout(PATIENCE.saturating_sub(begun.elapsed())) {
                Ok(bytes) => self.shown.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("{text:?} does not come: {}", self.shown),
            }
        }
    }

    /// Types a line once a question is asked.
    pub fn answer(&mut self, question: &str, answer: &str) {
        self.wait_for(question);
        self.type_line(answer);
    }

    /// The same, once the terminal does not show any more what is typed.
    ///
    /// # Panics
    ///
    /// If it still shows it after a minute.
    pub fn answer_hidden(&mut self, question: &str, answer: &str) {
        self.wait_for(question);
        let begun = Instant::now();
        while self.shows_what_is_typed() {
            assert!(begun.elapsed() < PATIENCE, "what is typed is shown: {}", self.shown);
            std::thread::sleep(PAUSE);
        }
        self.type_line(answer);
    }

    fn shows_what_is_typed(&self) -> bool {
        let asked = Command::new("stty").args(["-a", "-F", &self.device]).output().unwrap();
        !String::from_utf8_lossy(&asked.stdout).contains(" -echo ")
    }

    fn type_line(&mut self, line: &str) {
        self.input.write_all(format!("{line}\n").as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    /// Waits for the end: the status, and all that was shown.
    pub fn end(mut self) -> (i32, String) {
        while let Ok(bytes) = self.output.recv_timeout(PATIENCE) {
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
        (self.child.wait().unwrap().code().unwrap(), std::mem::take(&mut self.shown))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
