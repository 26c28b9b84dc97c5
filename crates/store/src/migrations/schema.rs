//! The SQL of the first step, a file for each section of `docs/schema.md`.

/// The SQL, with its placeholders: the first file says what they are.
pub const SCHEMA: &str = concat!(
    include_str!("schema/people.sql"),
    "\n",
    include_str!("schema/calendars.sql"),
    "\n",
    include_str!("schema/priorities.sql"),
    "\n",
    include_str!("schema/content.sql"),
    "\n",
    include_str!("schema/history.sql"),
    "\n",
    include_str!("schema/mail.sql"),
    "\n",
    include_str!("schema/coordination.sql"),
    "\n",
);
