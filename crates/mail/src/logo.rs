//! The logo of a template: a picture that messages carry themselves, so that nothing is loaded from elsewhere when they
//! are read.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, SinglePart};

use crate::limits::MAX_LOGO;

/// The quotes around a value in HTML.
const QUOTES: [char; 2] = ['"', '\''];
/// How often a preview shows the logo, for each kind of quotes.
const MAX_SHOWN: usize = 4;

/// The attribute of a picture that says what it shows.
fn attribute(quote: char, source: &str) -> String {
    format!("src={quote}{source}{quote}")
}

/// A picture that mail programs show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    kind: Kind,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Png,
    Jpeg,
}

/// Why a file is no logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLogo {
    /// It is neither PNG nor JPEG.
    Form,
    /// It is larger than [`MAX_LOGO`].
    TooLarge,
}

impl Logo {
    /// The Content-ID of the picture in a message.
    const ID: &'static str = "logo@room-booking";
    /// By what the HTML of a template shows it (RFC 2392).
    pub const SOURCE: &'static str = "cid:logo@room-booking";

    /// A file as a logo; what it is, its content says.
    ///
    /// # Errors
    ///
    /// If it is no picture of the two kinds, or too large.
    pub fn of(bytes: Vec<u8>) -> Result<Logo, NoLogo> {
        let kind = match bytes.as_slice() {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Kind::Png,
            [0xFF, 0xD8, 0xFF, ..] => Kind::Jpeg,
            _ => return Err(NoLogo::Form),
        };
        match bytes.len() > MAX_LOGO {
            true => Err(NoLogo::TooLarge),
            false => Ok(Logo { kind, bytes }),
        }
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its type (RFC 2046).
    pub fn media_type(&self) -> &'static str {
        match self.kind {
            Kind::Png => "image/png",
            Kind::Jpeg => "image/jpeg",
        }
    }

    /// Whether an HTML body shows a logo. A name of an event that says so shows none: it has no quotes there.
    pub fn is_shown_in(html: &str) -> bool {
        QUOTES.iter().any(|quote| html.contains(&attribute(*quote, Logo::SOURCE)))
    }

    /// An HTML body that shows it without a message around it, in the first places (`MAX_SHOWN`) at most.
    pub fn shown_in(&self, html: &str) -> String {
        let source = format!("data:{};base64,{}", self.media_type(), BASE64.encode(&self.bytes));
        QUOTES.iter().fold(html.to_owned(), |html, quote| {
            let shown = attribute(*quote, &source);
            html.replacen(&attribute(*quote, Logo::SOURCE), &shown, MAX_SHOWN)
        })
    }

    /// It as a part of a message whose HTML shows it.
    pub(crate) fn part_of(&self, html: &str) -> Option<SinglePart> {
        let content_type = ContentType::parse(self.media_type()).ok()?;
        let attachment = Attachment::new_inline(Logo::ID.to_owned());
        Logo::is_shown_in(html).then(|| attachment.body(self.bytes.clone(), content_type))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_shows_the_logo_only_where_a_picture_is_and_not_without_end() {
        let logo = Logo::of(vec![0xFF, 0xD8, 0xFF, 0xE0]).unwrap();
        let name = "<p>cid:logo@room-booking src=&#34;cid:logo@room-booking&#34;</p>";
        assert_eq!(logo.shown_in(name), name);
        assert!(!Logo::is_shown_in(name));
        let once = "<img src='cid:logo@room-booking'>";
        assert_eq!(logo.shown_in(once), "<img src='data:image/jpeg;base64,/9j/4A=='>");
        let often = "<img src=\"cid:logo@room-booking\">".repeat(100);
        assert!(Logo::is_shown_in(&often));
        assert_eq!(logo.shown_in(&often).matches("data:image/jpeg").count(), MAX_SHOWN);
    }

    #[test]
    fn a_logo_is_a_picture_by_its_content_and_within_its_bound() {
        let png = |length: usize| [b"\x89PNG\r\n\x1a\n".as_slice(), &vec![0; length]].concat();
        assert_eq!(Logo::of(png(10)).unwrap().media_type(), "image/png");
        assert_eq!(Logo::of(vec![0xFF, 0xD8, 0xFF, 0xE0]).unwrap().media_type(), "image/jpeg");
        assert_eq!(Logo::of(b"<svg/>".to_vec()), Err(NoLogo::Form));
        assert!(Logo::of(png(MAX_LOGO - 8)).is_ok());
        assert_eq!(Logo::of(png(MAX_LOGO - 7)), Err(NoLogo::TooLarge));
    }
}
