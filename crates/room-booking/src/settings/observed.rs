//! The settings of metrics and of the log.

use std::net::SocketAddr;

use super::reader::Reader;

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// A JSON object on each line.
    Json,
}

impl LogFormat {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        }
    }
}

impl Reader<'_> {
    /// Where metrics are served: never where the public is.
    pub(super) fn metrics_listen(&mut self, public: SocketAddr) -> Option<SocketAddr> {
        let text = self.text("METRICS_LISTEN");
        let must = "an address and a port such as 127.0.0.1:9464, with another port than LISTEN";
        self.read("METRICS_LISTEN", text, must, |it| {
            it.parse::<SocketAddr>().ok().filter(|it| it.port() != public.port() || it.port() == 0)
        })
    }

    /// How the log is written.
    pub(super) fn log_format(&mut self) -> LogFormat {
        let text = self.text("LOG_FORMAT");
        let format = self.read("LOG_FORMAT", text, "text or json", |it| match it {
            "text" => Some(LogFormat::Text),
            "json" => Some(LogFormat::Json),
            _ => None,
        });
        format.unwrap_or_default()
    }
}
