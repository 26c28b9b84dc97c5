//! Writes what the default templates make of all samples into a folder, to look at:
//!
//! ```sh
//! cargo run -p mail --example samples -- FOLDER
//! ```

use std::error::Error;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    fs::create_dir_all(&folder)?;
    for default in mail::defaults::ALL {
        for sample in mail::samples::all() {
            let rendered = default.template().render(&sample.notice)?;
            let name = format!("{} - {}", default.name, sample.name);
            let text = format!("Subject: {}\n\n{}", rendered.subject, rendered.text);
            fs::write(folder.join(format!("{name}.txt")), text)?;
            fs::write(folder.join(format!("{name}.html")), rendered.html.unwrap_or_default())?;
        }
    }
    Ok(())
}
