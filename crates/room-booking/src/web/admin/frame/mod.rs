//! What every page and action is built with: the request, the page, forms, texts, times.

pub mod cookie;
pub mod errors;
pub mod field;
pub mod form;
pub mod format;
pub mod kept;
pub mod once;
pub mod page;
pub mod pager;
pub mod removal;
pub mod request_context;
pub mod text;
pub mod way_back;
