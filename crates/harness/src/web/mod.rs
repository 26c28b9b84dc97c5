//! Clients of the program's server, whether it runs in the test or in a process of its own.

mod answer;
mod api;
mod browser;

pub use answer::Answer;
pub use api::Api;
pub use browser::Browser;
