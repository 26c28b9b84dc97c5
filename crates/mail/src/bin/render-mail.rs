//! Renders templates for another process, like the program's command `render-mail`. For the tests, it also tries
//! what a rendering process may not do, and lets itself be killed.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, UdpSocket};
use std::process::Command;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (mode, argument) = (arguments.next(), arguments.next().unwrap_or_default());
    match mode.as_deref() {
        Some("--try") => attempt(&argument),
        Some("--counted") => {
            let times = arguments.next().and_then(|it| it.parse().ok());
            counted(&argument, times.unwrap_or_default())
        }
        _ => {
            mail::render_for_another();
            Ok(())
        }
    }
}

/// Tries something after it was confined, and prints what came of it.
fn attempt(what: &str) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "{:?}", mail::confine())?;
    out.flush()?;
    let is_done = match what {
        "read a file" => fs::read("/etc/passwd").is_ok(),
        "write a file" => fs::write("/tmp/room-booking-confined", "x").is_ok(),
        "list a folder" => fs::read_dir("/").is_ok(),
        "look at a file" => fs::metadata("/etc/passwd").is_ok(),
        "remove a file" => fs::remove_file("/tmp/room-booking-to-be-removed").is_ok(),
        "open a socket" => UdpSocket::bind("127.0.0.1:0").is_ok(),
        "connect" => TcpStream::connect("127.0.0.1:1").is_ok(),
        "start a program" => Command::new("/bin/true").status().is_ok(),
        "change the folder" => std::env::set_current_dir("/tmp").is_ok(),
        "be confined again" => mail::confine().is_ok(),
        "start a thread" => std::thread::spawn(|| vec![1; 1_000_000].len()).join().is_ok(),
        _ => return Err(io::Error::other("no such attempt")),
    };
    writeln!(out, "{}", if is_done { "done" } else { "denied" })?;
    out.flush()
}

/// Renders after it has added a byte to a file. As long as the file has at most `times` bytes, it is killed when
/// it gets a request.
fn counted(file: &str, times: u64) -> io::Result<()> {
    let mut starts = fs::OpenOptions::new().create(true).append(true).open(file)?;
    starts.write_all(b".")?;
    if starts.metadata()?.len() <= times {
        io::stdin().read_exact(&mut [0])?;
        Command::new("/bin/sh").args(["-c", "kill -KILL $PPID"]).status()?;
    }
    mail::render_for_another();
    Ok(())
}
