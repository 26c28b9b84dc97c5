//! `completions`, `man` and `healthcheck`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::{fs, thread};

use testing::program::Folder;

use super::{done, fails};

#[test]
fn nobody_who_listens_and_an_answer_of_another_status_are_failures() {
    let folder = Folder::new();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let error = fails(&folder, 1, &["healthcheck", "--listen", &closed]);
    assert!(error.contains(&format!("http://{closed}/healthz does not answer")), "{error}");

    for (status, ends) in [("200 OK", 0), ("503 Service Unavailable", 1), ("", 1)] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let answering = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            if !status.is_empty() {
                write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").unwrap();
            }
            line
        });
        // A server that listens on all addresses is asked on the loopback.
        let listen = address.replace("127.0.0.1", "0.0.0.0");
        let ended = folder.run(&["healthcheck", "--ready", "--listen", &listen]);
        assert_eq!(ended.status(), ends, "{status}: {}", ended.err());
        assert_eq!(answering.join().unwrap(), "GET /readyz HTTP/1.1\r\n");
    }
}

#[test]
fn a_shell_reads_its_completions_and_finds_the_commands_in_them() {
    let folder = Folder::new();
    let completions = done(&folder, &["completions", "bash"]);
    let file = folder.file("completions", completions.as_bytes());
    let script = format!(
        "set -e; . {}; COMP_WORDS=(room-booking pri); COMP_CWORD=1; \
         complete -p room-booking | grep -o -e '-F [^ ]*' >function; read -r _ name <function; \
         $name room-booking pri room-booking; echo \"${{COMPREPLY[@]}}\"",
        file.display()
    );
    let mut shell = Command::new("bash");
    let shell = shell.args(["-c", &script]).current_dir(folder.path()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&shell.stdout), "priority\n", "{shell:?}");
    fails(&folder, 2, &["completions", "cmd.exe"]);
}

#[test]
fn each_command_has_its_manual_page() {
    let folder = Folder::new();
    assert!(done(&folder, &["man"]).contains(".TH ROOM-BOOKING 1"));
    let pages = folder.path().join("man/man1");
    done(&folder, &["man", "--directory", &pages.display().to_string()]);
    let page = |name: &str| fs::read_to_string(pages.join(name)).unwrap();
    assert!(page("room-booking.1").contains("serve"));
    assert!(page("room-booking-user-add.1").contains("administrator"));
    assert!(
        page("room-booking-priority-token-add.1").contains("room\\-booking priority token add")
    );
    assert!(!pages.join("room-booking-help.1").exists());
    let file = folder.file("a-file", b"");
    let error =
        fails(&folder, 1, &["man", "--directory", &file.join("man1").display().to_string()]);
    assert!(error.contains("cannot write"), "{error}");
}
