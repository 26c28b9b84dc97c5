//! Prints `docs/schema.md`:
//!
//! ```sh
//! cargo run -p store --example schema > docs/schema.md
//! ```

#![allow(clippy::print_stdout, missing_docs, reason = "printing is what it is for")]

#[path = "../tests/schema/document.rs"]
mod document;

fn main() {
    print!("{}", document::render());
}
