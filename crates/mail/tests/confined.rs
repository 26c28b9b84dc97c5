//! What a rendering process may do, and what happens when somebody kills it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use mail::{Confinement, Renderer, Template, defaults, samples};

const PROGRAM: &str = env!("CARGO_BIN_EXE_render-mail");

/// What an attempt prints, and the signal that ended it.
fn attempt(what: &str) -> (String, Option<i32>) {
    let ended = Command::new(PROGRAM).args(["--try", what]).output().unwrap();
    let printed = String::from_utf8(ended.stdout).unwrap();
    let rest = printed.strip_prefix("Ok(())\n").unwrap_or_else(|| panic!("{what}: {printed}"));
    (rest.to_owned(), ended.status.signal())
}

#[test]
fn a_rendering_process_that_opens_a_file_a_socket_or_a_program_is_ended() {
    for what in ["read a file", "write a file", "list a folder", "open a socket", "connect"] {
        assert_eq!(attempt(what), (String::new(), Some(libc::SIGSYS)), "{what}");
    }
    assert!(!Path::new("/tmp/room-booking-confined").exists());
    let (printed, _) = attempt("start a program");
    assert_ne!(printed, "done\n");
}

#[test]
fn whatever_else_rendering_does_not_need_is_denied() {
    let file = Path::new("/tmp/room-booking-to-be-removed");
    std::fs::write(file, "x").unwrap();
    for what in ["look at a file", "remove a file", "change the folder", "be confined again"] {
        assert_eq!(attempt(what), ("denied\n".to_owned(), None), "{what}");
    }
    assert!(file.exists());
    std::fs::remove_file(file).unwrap();
    assert_eq!(attempt("start a thread"), ("done\n".to_owned(), None));
}

#[test]
fn everything_that_comes_with_the_program_is_rendered_in_confinement() {
    let renderer = Renderer::apart(PROGRAM.into(), Vec::new());
    for default in defaults::ALL {
        let template = default.template();
        renderer.check(&template).unwrap();
        for sample in samples::all() {
            let here = template.render(&sample.notice).unwrap();
            assert_eq!(renderer.render(&template, &sample.notice).unwrap(), here);
        }
    }
    assert_eq!(renderer.confinement(), Confinement::Confined);
    let here = Renderer::default().confinement();
    assert!(matches!(here, Confinement::Unconfined(reason) if reason.contains("this process")));
}

/// A renderer whose processes are killed at their first request, `times` times, and the file that counts them.
fn counted(folder: &Path, times: u32) -> (Renderer, PathBuf) {
    let file = folder.join(times.to_string());
    let arguments = vec!["--counted".into(), file.clone().into(), times.to_string().into()];
    (Renderer::apart(PROGRAM.into(), arguments), file)
}

fn starts(file: &Path) -> u64 {
    file.metadata().unwrap().len()
}

fn text(text: &str) -> Template {
    Template { subject: "s".to_owned(), text: text.to_owned(), html: None }
}

#[test]
fn a_renderer_that_somebody_kills_is_tried_exactly_once_again() {
    let folder = tempfile::tempdir().unwrap();
    let notice = samples::named("deleted").unwrap().notice;
    let (renderer, file) = counted(folder.path(), 1);
    let rendered = renderer.render(&text("{{ name }}"), &notice).unwrap();
    assert_eq!((rendered.text.as_str(), starts(&file)), ("Budget review", 2));
    let (renderer, file) = counted(folder.path(), 5);
    let error = renderer.render(&text("{{ name }}"), &notice).unwrap_err();
    assert!(error.to_string().contains("killed from outside, twice"), "{error}");
    assert!(error.is_passing, "the message may be rendered later");
    assert_eq!(starts(&file), 2);
}

#[test]
fn a_template_that_uses_up_its_memory_is_not_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let (renderer, file) = counted(folder.path(), 0);
    let source = "{% set ns = namespace(x={'a': 1}) %}{% for i in range(100000) %}\
                  {% set ns.x = {'a': ns.x, 'b': ns.x} %}{% endfor %}{{ ns.x|length }}";
    let error = renderer.check(&text(source)).unwrap_err();
    assert!(error.to_string().contains("more memory than 128 MiB"), "{error}");
    assert_eq!(starts(&file), 1);
    renderer.check(&text("{{ name }}")).unwrap();
    assert_eq!(starts(&file), 2);
}
