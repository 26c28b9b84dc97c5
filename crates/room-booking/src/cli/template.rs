//! `template`: mail templates.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use mail::{Template as Texts, samples};
use operations::{NewTemplate, command_line};
use serde::Serialize;
use store::templates::{self, Template as Row};

use super::service::{Context, Database, run_async};
use super::{Failure, output, table};
use crate::settings::Flags;
use crate::show;

/// Lists, shows, saves and previews mail templates
///
/// Templates use Jinja2 syntax; docs/mail.md lists their variables. The built-in templates,
/// English, German and French, can be copied but not changed.
#[derive(clap::Args, Debug)]
pub(super) struct Template {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    List(List),
    Show(Show),
    Set(Set),
    Preview(Preview),
    Delete(Delete),
}

/// Lists templates, and the calendars that use them
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  room-booking template list --json | jq -r '.templates[].name'")]
struct List {
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

/// Prints a template
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking template show English
  room-booking template show English --part text > text.txt")]
struct Show {
    /// Its name
    name: String,

    /// Only this part, as it was written
    #[arg(long, value_name = "PART")]
    part: Option<Part>,

    #[command(flatten)]
    flags: Flags,
}

/// Saves a template under a new or an existing name
///
/// It is saved only if it compiles, names no unknown variable, and renders on all samples. Parts
/// that are not given stay, or are those of --copy.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking template set ours --copy English --subject 'Room lost: {{ name }}'
  room-booking template set ours --text text.txt --html body.html")]
struct Set {
    /// Its name
    name: String,

    /// Start from the texts of this template
    #[arg(long, value_name = "NAME")]
    copy: Option<String>,

    #[command(flatten)]
    texts: Given,

    #[command(flatten)]
    flags: Flags,
}

/// The texts on the command line.
#[derive(clap::Args, Debug)]
struct Given {
    /// The subject
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,

    /// File of the text body
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,

    /// File of the HTML body
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Without an HTML body
    #[arg(long, conflicts_with = "html")]
    no_html: bool,
}

/// Renders a template on a sample
///
/// Given texts are rendered without saving them.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  room-booking template preview German --sample 'several occurrences'
  room-booking template preview English --part html > sample.html
  room-booking template preview ours --text new.txt
  room-booking template preview --samples")]
struct Preview {
    /// Its name
    #[arg(required_unless_present = "samples")]
    name: Option<String>,

    /// The sample
    #[arg(long, value_name = "SAMPLE", default_value = "deleted")]
    sample: String,

    /// List the samples
    #[arg(long)]
    samples: bool,

    /// Only this part of it
    #[arg(long, value_name = "PART")]
    part: Option<Part>,

    #[command(flatten)]
    texts: Given,

    #[command(flatten)]
    flags: Flags,
}

/// Deletes a template that no calendar uses
#[derive(clap::Args, Debug)]
struct Delete {
    /// Its name
    name: String,

    #[command(flatten)]
    flags: Flags,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The subject
    Subject,
    /// The text body
    Text,
    /// The HTML body
    Html,
}

impl Template {
    pub fn run(self) -> Result<(), Failure> {
        match self.action {
            Action::List(list) => list.run(),
            Action::Show(show) => show.run(),
            Action::Set(set) => set.run(),
            Action::Preview(preview) => preview.run(),
            Action::Delete(Delete { name, flags }) => delete(&flags, &name),
        }
    }
}

/// The texts of a saved template.
pub(super) fn texts_of(row: &Row) -> Texts {
    Texts { subject: row.subject.clone(), text: row.text_body.clone(), html: row.html_body.clone() }
}

impl Given {
    /// Replaces the given texts.
    fn over(&self, mut texts: Texts) -> Result<Texts, Failure> {
        if let Some(subject) = &self.subject {
            texts.subject.clone_from(subject);
        }
        if let Some(path) = &self.text {
            texts.text = read(path)?;
        }
        if let Some(path) = &self.html {
            texts.html = Some(read(path)?);
        }
        if self.no_html {
            texts.html = None;
        }
        Ok(texts)
    }
}

/// Reads a template's file; one that is far too long is not read to its end.
fn read(path: &Path) -> Result<String, Failure> {
    use std::io::Read as _;
    let failed = |reason: String| Failure::Failed(format!("{}: {reason}", path.display()));
    let file = std::fs::File::open(path).map_err(|error| failed(error.to_string()))?;
    let mut text = String::new();
    let most = mail::limits::MAX_SOURCE as u64 + 1;
    file.take(most).read_to_string(&mut text).map_err(|error| failed(error.to_string()))?;
    Ok(text)
}

/// The answer of `template list --json`.
#[derive(Serialize)]
struct Answer {
    templates: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    name: String,
    has_html: bool,
    is_default: bool,
    calendars: Vec<String>,
}

impl List {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let templates = listed(context).await?;
            if self.json {
                return output::json(&Answer { templates });
            }
            let heading = show::count(templates.len(), "template", "templates");
            let columns = ["Template", "Brought by", "HTML", "Calendars"];
            let rows = templates.iter().map(|it| {
                vec![
                    show::plain(&it.name),
                    if it.is_default { "the program" } else { "you" }.to_owned(),
                    if it.has_html { "yes" } else { "no" }.to_owned(),
                    show::sentence(it.calendars.join(", ")),
                ]
            });
            let mut out = BufWriter::new(anstream::stdout().lock());
            table::print(&mut out, &heading, table::HEADING, &columns, rows)?;
            Ok(out.flush()?)
        })
    }
}

async fn listed(context: &Context) -> Result<Vec<Listed>, Failure> {
    let store = &context.service.store;
    let mut listed = Vec::new();
    for it in templates::all(store).await? {
        listed.push(Listed {
            calendars: templates::used_by(store, it.id).await?,
            name: it.name,
            has_html: it.html_body.is_some(),
            is_default: it.is_default,
        });
    }
    Ok(listed)
}

/// Prints texts: one part as it is, or all of them with headings.
fn print(part: Option<Part>, subject: &str, text: &str, html: Option<&str>) -> Result<(), Failure> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    match part {
        Some(Part::Subject) => writeln!(out, "{}", subject.trim_end())?,
        Some(Part::Text) => writeln!(out, "{}", text.trim_end())?,
        Some(Part::Html) => {
            let html = html.ok_or_else(|| Failure::Failed("it has no HTML body".to_owned()))?;
            writeln!(out, "{}", html.trim_end())?;
        }
        None => {
            writeln!(out, "Subject: {}\n\n{}", subject.trim_end(), text.trim_end())?;
            if html.is_some() {
                writeln!(out, "\n(It has an HTML body, too: --part html)")?;
            }
        }
    }
    Ok(out.flush()?)
}

impl Show {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let it = context.service.template(&self.name).await?;
            print(self.part, &it.subject, &it.text_body, it.html_body.as_deref())
        })
    }
}

impl Set {
    fn run(self) -> Result<(), Failure> {
        run_async(&self.flags, Database::IsThere, async |context| {
            let service = &context.service;
            let before = match &self.copy {
                Some(name) => Some(service.template(name).await?),
                None => templates::by_name(&service.store, self.name.trim()).await?,
            };
            let texts = match before {
                Some(row) => texts_of(&row),
                None if self.texts.subject.is_some() && self.texts.text.is_some() => {
                    Texts { subject: String::new(), text: String::new(), html: None }
                }
                None => {
                    return Err(Failure::Usage(format!(
                        "there is no template '{}' yet: give --subject and --text, or --copy",
                        show::plain(&self.name)
                    )));
                }
            };
            let template = self.texts.over(texts)?;
            let new = NewTemplate::written(&self.name, template);
            service.save_template(&command_line(), &new).await?;
            output::line(&format!("The template {} is saved.", show::plain(&self.name)))
        })
    }
}

impl Preview {
    fn run(self) -> Result<(), Failure> {
        let Some(name) = &self.name else {
            let mut out = BufWriter::new(anstream::stdout().lock());
            for sample in samples::all() {
                writeln!(out, "{}", sample.name)?;
            }
            return Ok(out.flush()?);
        };
        run_async(&self.flags, Database::IsThere, async |context| {
            let row = context.service.template(name).await?;
            let texts = self.texts.over(texts_of(&row))?;
            context.service.check_template(&texts).await?;
            let told = context.service.preview_template(&texts, &self.sample).await?;
            print(self.part, &told.subject, &told.text, told.html.as_deref())
        })
    }
}

fn delete(flags: &Flags, name: &str) -> Result<(), Failure> {
    run_async(flags, Database::IsThere, async |context| {
        context.service.delete_template(&command_line(), name).await?;
        output::line(&format!("The template {} is deleted.", show::plain(name)))
    })
}
