//! Fuzz target: templates.

use mail::limits::{MAX_BODY, MAX_SUBJECT};
use mail::{Template, samples};

/// Checks `data` as a template, its first line as the subject and all of it as text and as HTML, and renders it:
/// results are bounded, the same each time, and what people wrote is escaped in HTML.
pub fn template(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let subject = text.lines().next().unwrap_or_default().to_owned();
    let template = Template { subject, html: Some(text.clone()), text };
    let is_right = template.check();
    let Some(sample) = samples::named("deleted") else { return };
    let mut notice = sample.notice;
    notice.event.name = "<q7>&\"'\u{202E}".to_owned();
    let rendered = template.render(&notice);
    assert_eq!(template.render(&notice), rendered, "it renders in two ways");
    let Ok(rendered) = rendered else { return };
    assert!(rendered.text.len() <= MAX_BODY, "a body without a bound");
    assert!(rendered.subject.chars().count() <= MAX_SUBJECT, "a subject without a bound");
    assert!(!rendered.subject.contains(char::is_control), "a subject of several lines");
    let html = rendered.html.unwrap_or_default();
    let says_so = |it: &str| template.text.contains(it);
    if is_right.is_ok() && !says_so("safe") && !says_so("q7") && !says_so("autoescape") {
        assert!(!html.contains("<q7>"), "what people wrote is markup: {html}");
    }
}
