# The commands that people need. `just` lists them; each is a line that works without just, too.

# List the commands.
default:
  @just --list

# Start the program on a throw-away database with sample rooms.
demo:
  cargo run --release -- demo

# Run all checks, or the named steps.
test *STEPS:
  scripts/test {{STEPS}}

# Run one test target of a crate on SQLite and PostgreSQL.
test-one CRATE TARGET *FILTER:
  scripts/with-postgres cargo test -p {{CRATE}} --test {{TARGET}} -- {{FILTER}}

# Format the code and run the linter.
lint:
  cargo fmt --all
  cargo clippy --workspace --all-targets --locked -- -D warnings

# Write docs/openapi.json from the code.
openapi:
  cargo run -p room-booking --example openapi > docs/openapi.json

# Write docs/schema.md from the migration.
schema:
  cargo run -p store --example schema > docs/schema.md

# Take screenshots of every page into FOLDER.
screenshots FOLDER:
  scripts/browser-tests screenshots {{FOLDER}}
