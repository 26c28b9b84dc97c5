//! Prints the schema as PostgreSQL has it, to be kept at a release (`scripts/release --keep-schema`).

#![allow(clippy::print_stdout, missing_docs, reason = "printing is what it is for")]

fn main() {
    print!("{}", store::schema_sql(store::DatabaseKind::Postgres));
}
