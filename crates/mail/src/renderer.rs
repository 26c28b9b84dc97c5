//! Rendering in a separate process. The kernel bounds its memory and denies it all but memory, threads and two
//! pipes ([`crate::confine`]), it has no secrets in its environment, and it is ended if it takes too long. So a
//! template can do no harm, even if the engine has a bug.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use rlimit::Resource;
use serde::{Deserialize, Serialize};

use crate::engine::Fault;
use crate::limits::{MAX_BODY, MAX_MEMORY, MAX_SECONDS};
use crate::notice::Notice;
use crate::samples;
use crate::sandbox::confine;
use crate::template::{Part, Rendered, Template, TemplateError};

/// Checks and renders templates.
#[derive(Debug, Default)]
pub struct Renderer {
    /// The program to start; `None` to render in this process, without the kernel's limits.
    program: Option<(PathBuf, Vec<OsString>)>,
    worker: Mutex<Option<Worker>>,
}

/// The extra time for an answer beyond [`MAX_SECONDS`]: a template has three parts, and its check
/// renders all samples, but the first late part ends it.
const GRACE_SECONDS: u64 = 20;

/// The longest answer: two bodies, each byte as `\u0000`, and a subject.
const MAX_ANSWER: u64 = (2 * MAX_BODY as u64 + 10_000) * 6;

/// A process that renders.
#[derive(Debug)]
struct Worker {
    child: Child,
    requests: ChildStdin,
    answers: mpsc::Receiver<String>,
}

#[derive(Serialize, Deserialize)]
enum Request {
    Check(Template),
    Render(Template, Box<Notice>),
}

type Answer = Result<Option<Rendered>, TemplateError>;

/// Whether the kernel denies rendering processes what they do not need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confinement {
    /// It does.
    Confined,
    /// It does not: why, as a sentence.
    Unconfined(String),
}

/// How an attempt to render ended.
enum Attempt {
    /// With an answer.
    Answered(Answer),
    /// Somebody else killed the process, such as the kernel where memory is short on the machine.
    Killed,
}

/// The attempts to render if the process is killed by somebody else.
const ATTEMPTS: u32 = 2;
/// How often the end of a process is waited for that has closed its output, and how long each time.
const END: (u32, Duration) = (400, Duration::from_millis(5));

impl Renderer {
    /// Renders in processes that are started as `program` with these arguments; the program has to
    /// call [`render_for_another`].
    pub fn apart(program: PathBuf, arguments: Vec<OsString>) -> Renderer {
        Renderer { program: Some((program, arguments)), worker: Mutex::default() }
    }

    /// As [`Template::check`].
    ///
    /// # Errors
    ///
    /// As there; and if it takes more time or memory than it may.
    pub fn check(&self, template: &Template) -> Result<(), TemplateError> {
        match self.program {
            None => template.check(),
            Some(_) => self.ask(&Request::Check(template.clone())).map(|_| ()),
        }
    }

    /// As [`Template::render`].
    ///
    /// # Errors
    ///
    /// As there; and if it takes more time or memory than it may.
    pub fn render(&self, template: &Template, notice: &Notice) -> Result<Rendered, TemplateError> {
        let request = match self.program {
            None => return template.render(notice),
            Some(_) => Request::Render(template.clone(), Box::new(notice.trimmed())),
        };
        self.ask(&request)?.ok_or_else(|| failed("the renderer gave no answer"))
    }

    /// Whether the kernel denies rendering processes what they do not need, as it says itself of the one that
    /// has rendered last.
    pub fn confinement(&self) -> Confinement {
        let unconfined = |reason: &str| Confinement::Unconfined(reason.to_owned());
        if self.program.is_none() {
            return unconfined("templates are rendered in this process");
        }
        // It is confined before it reads a request.
        let text = "a template".to_owned();
        let template = Template { subject: text.clone(), text, html: None };
        if let Err(error) = self.check(&template) {
            return unconfined(&error.fault.reason.to_string());
        }
        let place = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        let process = place.as_ref().map(|worker| worker.child.id());
        let status = process.map(|id| std::fs::read_to_string(format!("/proc/{id}/status")));
        let Some(Ok(status)) = status else {
            return unconfined("this system has no seccomp filters");
        };
        match ["Seccomp:\t2", "NoNewPrivs:\t1"].iter().all(|it| status.contains(it)) {
            true => Confinement::Confined,
            false => unconfined("the kernel has no seccomp filters, or does not allow them"),
        }
    }

    fn ask(&self, request: &Request) -> Answer {
        let mut place = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        let mut line =
            serde_json::to_string(request).map_err(|error| failed(&error.to_string()))?;
        line.push('\n');
        for _ in 0..ATTEMPTS {
            if let Attempt::Answered(answer) = self.attempt(&mut place, &line)? {
                return answer;
            }
        }
        let reason =
            "the renderer was killed from outside, twice; the machine may be short of memory";
        Err(TemplateError { is_passing: true, ..failed(reason) })
    }

    fn attempt(&self, place: &mut Option<Worker>, line: &str) -> Result<Attempt, TemplateError> {
        // A process that has ended since, such as after an update of the program, is not the
        // template's fault.
        let is_alive = |worker: &mut Worker| matches!(worker.child.try_wait(), Ok(None));
        let mut worker = match place.take().and_then(|mut it| is_alive(&mut it).then_some(it)) {
            Some(worker) => worker,
            None => self.start()?,
        };
        let limit = Duration::from_secs(MAX_SECONDS + GRACE_SECONDS);
        let answer = match worker.requests.write_all(line.as_bytes()) {
            Ok(()) => worker.answers.recv_timeout(limit),
            Err(_) => Err(mpsc::RecvTimeoutError::Disconnected),
        };
        Ok(Attempt::Answered(match answer {
            Ok(text) => {
                let answer = serde_json::from_str::<Answer>(&text);
                // A late one ends itself.
                let is_late = matches!(&answer, Ok(Err(error)) if error.fault.is_late);
                *place = (!is_late).then_some(worker);
                answer.map_err(|error| failed(&error.to_string()))?
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {
                Err(TemplateError { fault: Fault::late(), ..failed("") })
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => match worker.end() {
                End::Killed => return Ok(Attempt::Killed),
                End::Forbidden => Err(failed("it does what no template may")),
                End::Fault => {
                    let most = MAX_MEMORY / 1024 / 1024;
                    Err(failed(&format!(
                        "it takes more memory than {most} MiB, or more stack than there is"
                    )))
                }
            },
        }))
    }

    fn start(&self) -> Result<Worker, TemplateError> {
        let cannot = |reason: String| failed(&format!("the renderer cannot be started: {reason}"));
        let Some((program, arguments)) = &self.program else {
            return Err(cannot("there is none".to_owned()));
        };
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            // Each arena of the allocator counts as memory before it is used.
            .env("MALLOC_ARENA_MAX", "1")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| cannot(error.to_string()))?;
        let (Some(requests), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(cannot("it has no pipes".to_owned()));
        };
        let (sender, answers) = mpsc::sync_channel(1);
        let thread = std::thread::Builder::new().name("renderer".to_owned());
        let reading = thread.spawn(move || {
            let mut output = BufReader::new(output);
            loop {
                let mut line = String::new();
                let read = output.by_ref().take(MAX_ANSWER).read_line(&mut line);
                let is_whole = line.ends_with('\n');
                if !matches!(read, Ok(1..)) || !is_whole || sender.send(line).is_err() {
                    return;
                }
            }
        });
        let worker = Worker { child, requests, answers };
        reading.map_err(|error| cannot(error.to_string()))?;
        Ok(worker)
    }
}

/// Why a process that renders has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Somebody else ended it.
    Killed,
    /// It asked for what [`confine`] forbids.
    Forbidden,
    /// It ran into a limit, or the engine failed.
    Fault,
}

impl Worker {
    /// Why it has ended. It has closed its output, so it ends any moment.
    fn end(&mut self) -> End {
        let (times, pause) = END;
        for _ in 0..times {
            match self.child.try_wait() {
                Ok(Some(status)) => return end_of(status),
                Ok(None) => std::thread::sleep(pause),
                Err(_) => break,
            }
        }
        End::Fault
    }
}

/// A limit of memory or stack ends a process with SIGABRT or SIGSEGV.
fn end_of(status: ExitStatus) -> End {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt as _;
        match status.signal() {
            Some(libc::SIGKILL | libc::SIGTERM | libc::SIGINT | libc::SIGHUP) => End::Killed,
            Some(libc::SIGSYS) => End::Forbidden,
            _ => End::Fault,
        }
    }
    #[cfg(not(unix))]
    {
        let _ = status;
        End::Fault
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn failed(reason: &str) -> TemplateError {
    TemplateError { part: Part::Text, fault: Fault::new(reason), sample: None, is_passing: false }
}

/// Renders requests from standard input and writes the results to standard output, until the input
/// ends: the main function of a process of [`Renderer::apart`].
pub fn render_for_another() {
    // Where the kernel knows no such limit, what the engine charges for is the bound.
    let _ = restrict();
    // Where it knows no such filter, `Renderer::confinement` says so.
    let _ = confine();
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        let answer: Answer = match serde_json::from_str(&line) {
            Ok(Request::Check(template)) => template.check().map(|()| None),
            Ok(Request::Render(template, notice)) => template.render(&notice).map(Some),
            Err(error) => Err(failed(&error.to_string())),
        };
        let is_late = matches!(&answer, Err(error) if error.fault.is_late);
        let Ok(mut answer) = serde_json::to_string(&answer) else { return };
        answer.push('\n');
        if output.write_all(answer.as_bytes()).is_err() || output.flush().is_err() || is_late {
            // The late thread ends with the process.
            return;
        }
    }
}

/// Drops resources that rendering does not need: memory, files, and their length.
fn restrict() -> std::io::Result<()> {
    // Once, so that what is loaded lazily counts as the program's.
    let _ =
        samples::named("deleted").map(|it| crate::defaults::ENGLISH.template().render(&it.notice));
    let page_sizes = std::fs::read_to_string("/proc/self/status")?;
    let size = page_sizes.lines().find_map(|line| line.strip_prefix("VmSize:"));
    let kib: Option<u64> = size.and_then(|it| it.split_whitespace().next()?.parse().ok());
    if let Some(kib) = kib {
        let most = kib * 1024 + MAX_MEMORY;
        rlimit::setrlimit(Resource::AS, most, most)?;
    }
    rlimit::setrlimit(Resource::FSIZE, 0, 0)?;
    rlimit::setrlimit(Resource::CORE, 0, 0)?;
    rlimit::setrlimit(Resource::NOFILE, 3, 3)
}
