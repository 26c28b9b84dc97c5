//! Prints the API's document, as `docs/openapi.json` holds it.

use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let document = room_booking::web::docs::openapi("/")?;
    std::io::stdout().write_all(document.as_bytes())?;
    Ok(())
}
