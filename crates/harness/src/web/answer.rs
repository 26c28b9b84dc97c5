//! Answers of the API, and pages of the site.

use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Response, StatusCode};
use serde_json::Value;

/// An answer that was read whole.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub text: String,
    /// The body as JSON; `null` where it is none.
    pub json: Value,
}

impl Answer {
    /// Reads an answer.
    pub async fn of(response: Response) -> Answer {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, headers, text, json }
    }

    /// The value of a header; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Makes sure that it is an error of that status as the contract wants it.
    #[track_caller]
    pub fn expect_problem(&self, status: u16) -> &Answer {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(self.json["status"], status, "{self:?}");
        for key in ["title", "detail"] {
            assert!(self.json[key].as_str().is_some_and(|it| !it.is_empty()), "{self:?}");
        }
        self
    }

    /// The fields that an error names as wrong.
    pub fn wrong_fields(&self) -> Vec<&str> {
        let errors = self.json["errors"].as_array().unwrap();
        errors.iter().map(|error| error["field"].as_str().unwrap()).collect()
    }

    /// Where a redirect leads to.
    #[track_caller]
    pub fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{self:?}");
        self.header(LOCATION.as_str())
    }

    /// Makes sure that a page says this.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Answer {
        assert!(self.text.contains(text), "{} does not say {text:?}:\n{}", self.status, self.text);
        self
    }

    /// The value of a page's hidden field.
    #[track_caller]
    pub fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.text.split_once(mark.as_str());
        let (_, rest) = rest.unwrap_or_else(|| panic!("no {name} in {}", self.text));
        unescape(rest.split_once('"').unwrap().0)
    }

    /// The values of all boxes of a name.
    pub fn boxes(&self, name: &str) -> Vec<String> {
        let mark = format!("type=\"checkbox\" name=\"{name}\" value=\"");
        let parts = self.text.split(mark.as_str()).skip(1);
        parts.map(|rest| unescape(rest.split_once('"').unwrap().0)).collect()
    }

    /// The last line of code that a page shows.
    #[track_caller]
    pub fn code(&self) -> String {
        let (_, rest) = self.text.rsplit_once("<code>").unwrap_or_else(|| panic!("{self:?}"));
        unescape(rest.split_once('<').unwrap().0)
    }

    /// The first link that begins with this.
    #[track_caller]
    pub fn link(&self, start: &str) -> String {
        let mark = format!("href=\"{start}");
        let (_, rest) = self.text.split_once(mark.as_str()).unwrap_or_else(|| panic!("{self:?}"));
        format!("{start}{}", unescape(rest.split_once('"').unwrap().0))
    }
}

fn unescape(text: &str) -> String {
    text.replace("&#38;", "&")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
