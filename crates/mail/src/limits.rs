//! All bounds of this crate. Each has a test.

/// The most bytes of a subject's, a text body's or an HTML body's source.
pub const MAX_SOURCE: usize = 64 * 1024;

/// The most words and signs within one `{{ … }}` or `{% … %}`: the engine goes as deep into its stack as
/// a chain of them is long.
pub const MAX_TOKENS: usize = 1_000;

/// The most `elif` of a text, for the same reason.
pub const MAX_BRANCHES: usize = 500;

/// The fuel for one text. The engine charges one for each instruction and one for each 64 bytes
/// that it makes, mostly in advance. It bounds the time, and nearly everything that grows ends at
/// 16 MiB of data.
pub const MAX_FUEL: u64 = 262_144;

/// The memory that the rendering process may use in addition to its own, in bytes, with stacks. The
/// kernel enforces it.
pub const MAX_MEMORY: u64 = 128 * 1024 * 1024;

/// The longest time to render one text, in seconds. Fuel ends everything that is known to take long
/// sooner than that.
pub const MAX_SECONDS: u64 = 10;

/// How deep macros, loops and blocks may call themselves.
pub const MAX_RECURSION: usize = 50;

/// The stack that rendering has, in bytes: enough for [`MAX_RECURSION`] and for the deepest source that
/// the parser takes.
pub const STACK: usize = 16 * 1024 * 1024;

/// The most bytes of a rendered body.
pub const MAX_BODY: usize = 1024 * 1024;

/// The most characters of a rendered subject; the rest is cut off.
pub const MAX_SUBJECT: usize = 200;

/// The longest name from a calendar, in characters; the rest is cut off.
pub const MAX_NAME: usize = 255;

/// The most occurrences that a template is given.
pub const MAX_OCCURRENCES: usize = 200;

/// The most staying events beside one that a template is given.
pub const MAX_BESIDE: usize = 20;

/// The most free rooms, and the most links to move to one, that a template is given.
pub const MAX_ROOMS: usize = 10;

/// The longest link, in characters; a longer one is left out, because a part of it leads nowhere.
pub const MAX_URL: usize = 2_000;

/// The most characters of a `strftime` format.
pub const MAX_FORMAT: usize = 1_000;

/// The widest that a number or a text may be padded to by `format`.
pub const MAX_WIDTH: usize = 1_000;

/// The longest text of a mail server that is kept, in characters.
pub const MAX_WORDS: usize = 500;

/// The longest greeting of a template that is made by choices, in characters.
pub const MAX_GREETING: usize = 200;

/// The most characters and lines of the signature of such a template.
pub const MAX_SIGNATURE: usize = 1_000;
/// See [`MAX_SIGNATURE`].
pub const MAX_SIGNATURE_LINES: usize = 10;

/// The largest logo of a template, in bytes: each message carries it.
pub const MAX_LOGO: usize = 64 * 1024;

/// Dates or conflicts that a message lists; its page has the others.
pub const MAX_LISTED: usize = 10;
