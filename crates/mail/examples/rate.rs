//! How fast emails go to a mail server on this host over one connection, and what each costs:
//!
//! ```sh
//! cargo run --release -p mail --example rate -- PORT [NUMBER]
//! ```

use std::error::Error;
use std::time::Instant;

use mail::{Rendered, Security, Sender, Smtp, Timeouts, Transport};

#[allow(clippy::disallowed_methods, reason = "it measures")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().ok_or("name a port")?.parse()?;
    let number: u32 = arguments.next().map_or(Ok(200), |it| it.parse())?;
    let smtp = Smtp {
        host: "localhost".to_owned(),
        port,
        security: Security::None,
        login: None,
        ca_file: None,
        hello: "localhost".to_owned(),
        timeouts: Timeouts::default(),
    };
    let sender = Sender {
        address: "rooms@example.org".to_owned(),
        name: None,
        reply_to: None,
        bcc: Vec::new(),
    };
    let rendered = Rendered { subject: "Hello".to_owned(), text: "Text\n".repeat(50), html: None };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut session = smtp.connect().await?;
        let begun = Instant::now();
        for it in 0..number {
            let id = format!("<{it}@example.org>");
            let email = sender.email("ann@example.org", &rendered, &id, 0)?;
            session.send_envelope(&email).await?;
            session.transmit(&email).await?;
        }
        let each = begun.elapsed().as_secs_f64() * 1_000.0 / f64::from(number);
        session.end().await;
        use std::io::Write as _;
        Ok(writeln!(std::io::stdout(), "{number} emails, {each:.2} ms each")?)
    })
}
