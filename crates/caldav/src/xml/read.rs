//! Reading a `DAV:multistatus` (RFC 4918 section 14.16).

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::grammar::{Tag, tag};
use super::{Bounds, Multistatus, Problem, Properties, Response, resolve};
use crate::limits::MAX_NAMESPACES;

/// Reads an answer.
///
/// # Errors
///
/// [`Problem`]. Time and memory are at most a multiple of the length, whatever the bytes are.
pub fn parse_multistatus(bytes: &[u8], bounds: Bounds) -> Result<Multistatus, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::NoUtf8)?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        return Err(Problem::Unfinished);
    }
    if !text.starts_with('<') {
        return Err(Problem::NoElement);
    }
    let mut xml = NsReader::from_str(text);
    xml.resolver_mut().set_max_namespace_bindings(MAX_NAMESPACES);
    let mut reading = Reading { bounds, ..Reading::default() };
    loop {
        let (namespace, event) = xml.read_resolved_event().map_err(malformed)?;
        match event {
            Event::Start(start) => reading.start(&namespace, &start)?,
            Event::Empty(start) => {
                reading.start(&namespace, &start)?;
                reading.end()?;
            }
            Event::End(_) => reading.end()?,
            Event::Text(text) => reading.push(&text),
            Event::CData(text) => reading.push(&text),
            Event::GeneralRef(reference) => {
                let character = resolve(&reference)?;
                reading.push(character.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err(Problem::Doctype),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => return reading.finish(),
        }
    }
}

fn malformed(error: quick_xml::Error) -> Problem {
    use quick_xml::errors::SyntaxError;
    match error {
        quick_xml::Error::Syntax(SyntaxError::InvalidBangMarkup) => {}
        // All others say that something that was opened is not closed when the text ends.
        quick_xml::Error::Syntax(_) => return Problem::Unfinished,
        _ => {}
    }
    Problem::Malformed(error.to_string().chars().take(200).collect())
}

#[derive(Default)]
struct Reading {
    bounds: Bounds,
    out: Multistatus,
    /// The open elements.
    stack: Vec<Tag>,
    /// The text of the open element, where it means something.
    text: String,
    /// The open response, with all its hrefs.
    response: Response,
    hrefs: Vec<String>,
    /// The open propstat; it counts only if its status is a success.
    properties: Properties,
    propstat_status: Option<u16>,
    is_read: bool,
}

impl Reading {
    fn start(
        &mut self,
        namespace: &ResolveResult<'_>,
        start: &BytesStart<'_>,
    ) -> Result<(), Problem> {
        if self.stack.len() >= self.bounds.depth {
            return Err(Problem::TooDeep(self.bounds.depth));
        }
        let namespace = match namespace {
            ResolveResult::Bound(namespace) => namespace.as_ref(),
            _ => "",
        };
        let local = start.local_name();
        let tag = tag(self.stack.last().copied(), namespace, local.as_ref());
        match tag {
            _ if self.stack.is_empty() && tag != Tag::Multistatus => {
                return Err(Problem::OtherRoot(local.as_ref().chars().take(40).collect()));
            }
            Tag::Multistatus if self.is_read => {
                return Err(Problem::SecondRoot);
            }
            Tag::Response => {
                self.response = Response::default();
                self.hrefs.clear();
            }
            Tag::Propstat => {
                self.properties = Properties::default();
                self.propstat_status = None;
            }
            Tag::Privileges => {
                self.properties.rest_mut().privileges.get_or_insert_default();
            }
            Tag::Reports => {
                self.properties.rest_mut().reports.get_or_insert_default();
            }
            Tag::Component => self.component(start),
            _ => {}
        }
        if tag.has_text() {
            self.text.clear();
        }
        self.stack.push(tag);
        Ok(())
    }

    /// Text within an element whose text is read; such elements contain no other known elements.
    fn push(&mut self, text: &str) {
        if self.stack.last().is_some_and(|tag| tag.has_text()) {
            self.text.push_str(text);
        }
    }

    fn end(&mut self) -> Result<(), Problem> {
        let tag = self.stack.pop();
        let parent = self.stack.last().copied();
        match tag {
            Some(Tag::Multistatus) => self.is_read = true,
            Some(Tag::Response) => self.end_response()?,
            Some(Tag::Propstat) => self.end_propstat(),
            Some(Tag::Status) => {
                let status = status(&self.text);
                match parent {
                    Some(Tag::Response) => self.response.status = status,
                    _ => self.propstat_status = status,
                }
            }
            Some(Tag::SyncToken) => {
                let token = trimmed(&self.text);
                match parent {
                    Some(Tag::Multistatus) => self.out.sync_token = token,
                    _ => self.properties.rest_mut().sync_token = token,
                }
            }
            Some(Tag::Href) => self.href(parent),
            Some(tag) => self.property(tag),
            None => {}
        }
        Ok(())
    }

    fn href(&mut self, parent: Option<Tag>) {
        let Some(href) = trimmed(&self.text) else { return };
        match parent {
            Some(Tag::Response) => self.hrefs.push(href),
            Some(Tag::Owner) => self.properties.rest_mut().owner = Some(href),
            Some(Tag::CurrentPrincipal) => self.properties.rest_mut().principal = Some(href),
            Some(Tag::Homes) => self.properties.rest_mut().homes.push(href),
            Some(Tag::Addresses) => self.properties.rest_mut().addresses.push(href),
            Some(Tag::ResourceId) => self.properties.rest_mut().resource_id = Some(href),
            _ => {}
        }
    }

    fn property(&mut self, tag: Tag) {
        let Reading { properties, text, .. } = self;
        match tag {
            Tag::CalendarData => properties.calendar_data = Some(std::mem::take(text)),
            Tag::Version => properties.etag = trimmed(text),
            Tag::IsCollection => properties.resource_type.is_collection = true,
            Tag::IsCalendar => properties.resource_type.is_calendar = true,
            Tag::IsPrincipal => properties.resource_type.is_principal = true,
            Tag::IsShared => properties.resource_type.is_shared = true,
            Tag::State => properties.rest_mut().ctag = trimmed(text),
            Tag::DisplayName => properties.rest_mut().name = trimmed(text),
            Tag::OwnerPrincipal => properties.rest_mut().owner_principal = trimmed(text),
            Tag::DeletedAt => properties.rest_mut().deleted_at = trimmed(text),
            Tag::TrashedFrom => properties.rest_mut().trashed_from = trimmed(text),
            Tag::UserType => properties.rest_mut().user_type = trimmed(text),
            Tag::Color => properties.rest_mut().color = trimmed(text),
            Tag::Zone => properties.rest_mut().zone = trimmed(text),
            Tag::ZoneId => properties.rest_mut().zone_id = trimmed(text),
            Tag::CalendarDescription => properties.rest_mut().description = trimmed(text),
            Tag::MaxSize => properties.rest_mut().max_size = text.trim().parse().ok(),
            Tag::SyncCollection | Tag::CalendarMultiget => {
                let reports = properties.rest_mut().reports.get_or_insert_default();
                match tag {
                    Tag::SyncCollection => reports.sync_collection = true,
                    _ => reports.multiget = true,
                }
            }
            Tag::All | Tag::Read | Tag::Write | Tag::WriteContent | Tag::Bind | Tag::Unbind => {
                let set = properties.rest_mut().privileges.get_or_insert_default();
                match tag {
                    Tag::All => set.all = true,
                    Tag::Read => set.read = true,
                    Tag::Write => set.write = true,
                    Tag::WriteContent => set.write_content = true,
                    Tag::Bind => set.bind = true,
                    _ => set.unbind = true,
                }
            }
            _ => {}
        }
    }

    /// The `name` of a `CALDAV:comp`.
    fn component(&mut self, start: &BytesStart<'_>) {
        const ATTRIBUTES: usize = 8;
        let mut attributes = start.attributes();
        let found = attributes.with_checks(false).take(ATTRIBUTES).flatten();
        let mut names = found.filter(|attribute| attribute.key.as_ref() == "name");
        if let Some(name) = names.next() {
            let components = &mut self.properties.rest_mut().components;
            components.push(name.value.trim().to_ascii_uppercase());
        }
    }

    fn end_propstat(&mut self) {
        let properties = std::mem::take(&mut self.properties);
        let status = self.propstat_status.unwrap_or(200);
        if (200..300).contains(&status) {
            self.response.properties.merge(properties);
        } else {
            self.response.failed = self.response.failed.max(Some(status));
        }
    }

    fn end_response(&mut self) -> Result<(), Problem> {
        let response = std::mem::take(&mut self.response);
        let hrefs = std::mem::take(&mut self.hrefs);
        if self.out.responses.len() + hrefs.len() > self.bounds.responses {
            return Err(Problem::TooManyResponses(self.bounds.responses));
        }
        // Several hrefs share one status (RFC 4918 section 14.24) and have no properties.
        let status = response.status;
        let mut hrefs = hrefs.into_iter();
        if let Some(href) = hrefs.next() {
            self.out.responses.push(Response { href, ..response });
        }
        let others = hrefs.map(|href| Response { href, status, ..Response::default() });
        self.out.responses.extend(others);
        Ok(())
    }

    fn finish(self) -> Result<Multistatus, Problem> {
        if self.is_read && self.stack.is_empty() { Ok(self.out) } else { Err(Problem::Unfinished) }
    }
}

fn trimmed(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The number in `HTTP/1.1 404 Not Found`.
fn status(line: &str) -> Option<u16> {
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok())
}
