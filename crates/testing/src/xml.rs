//! A small XML reader for tests: the elements of a name and their content. It reads the tests' own
//! requests and answers of well-behaved servers, never untrusted input.

/// An element: its name without a prefix, and what stands between its tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// The name without its prefix.
    pub name: &'a str,
    /// What it holds, as it is written.
    pub inner: &'a str,
}

impl Element<'_> {
    /// Its text, with entities resolved.
    pub fn text(&self) -> String {
        unescape(self.inner.trim())
    }
}

/// The elements on the outermost level of a text.
pub fn children(text: &str) -> Vec<Element<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((name, empty, after)) = open(rest) {
        if empty {
            found.push(Element { name, inner: "" });
            rest = after;
            continue;
        }
        let (mut depth, mut at) = (1, after);
        loop {
            let Some(tag) = at.find('<') else { return found };
            if at[tag..].starts_with("<![CDATA[") {
                at = at[tag..].split_once("]]>").map_or("", |(_, rest)| rest);
                continue;
            }
            let end = at[tag..].find('>').map_or(at.len(), |end| tag + end);
            let inside = &at[tag + 1..end];
            if inside.starts_with('/') {
                depth -= 1;
            } else if !inside.starts_with(['?', '!']) && !inside.ends_with('/') {
                depth += 1;
            }
            let before = after.len() - at.len() + tag;
            at = at.get(end + 1..).unwrap_or("");
            if depth == 0 {
                found.push(Element { name, inner: &after[..before] });
                rest = at;
                break;
            }
        }
    }
    found
}

/// All elements of a name, at whatever depth.
pub fn all<'a>(text: &'a str, name: &str) -> Vec<Element<'a>> {
    let mut found = Vec::new();
    for child in children(text) {
        if child.name == name {
            found.push(child.clone());
        }
        found.extend(all(child.inner, name));
    }
    found
}

/// The text of the first element of a name.
pub fn first(text: &str, name: &str) -> Option<String> {
    all(text, name).first().map(Element::text)
}

/// The next opening tag: its name, whether it is empty, and what follows it.
fn open(text: &str) -> Option<(&str, bool, &str)> {
    let mut rest = text;
    loop {
        let start = rest.find('<')?;
        let end = start + rest[start..].find('>')?;
        let inside = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if inside.starts_with(['?', '!', '/']) {
            continue;
        }
        let name = inside.trim_end_matches('/').split_whitespace().next()?;
        let name = name.rsplit(':').next()?;
        return Some((name, inside.ends_with('/'), rest));
    }
}

/// A text as content of an element.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#13;")
}

fn unescape(text: &str) -> String {
    let text = text.strip_prefix("<![CDATA[").and_then(|it| it.strip_suffix("]]>")).unwrap_or(text);
    let text = text.replace("&#13;", "\r").replace("&#xD;", "\r").replace("&#10;", "\n");
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_whatever_their_prefix_and_depth() {
        let text = "<?xml version='1.0'?><a xmlns='x'><D:b>1 &lt; 2</D:b><c/><d><b>z</b></d></a>";
        assert_eq!(children(text).len(), 1);
        let inner: Vec<_> = all(text, "b").iter().map(Element::text).collect();
        assert_eq!(inner, ["1 < 2", "z"]);
        assert_eq!(children(children(text)[0].inner).len(), 3);
        assert_eq!(first(text, "nothing"), None);
    }

    #[test]
    fn an_element_may_hold_its_own_name() {
        let text = "<b><b>x</b><b/></b><b>y</b>";
        assert_eq!(
            children(text).iter().map(|it| it.inner).collect::<Vec<_>>(),
            ["<b>x</b><b/>", "y"]
        );
    }

    #[test]
    fn what_is_escaped_is_read_again() {
        let text = "a\r\n<&>;\"";
        assert_eq!(first(&format!("<x>{}</x>", escape(text)), "x").unwrap(), text);
    }
}
