//! What was typed into a form that was sent after its session had ended: the form comes back filled with it once the
//! same user has signed in again. Nothing is done with it until it is sent again.
//!
//! It is in the memory of the process, never in the database: it is a text that nobody has saved. The browser has a key
//! to it in a cookie of its own.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use operations::Clock;
use store::UserId;
use store::secrets::random_text;

use crate::web::address::counted;
use crate::web::admin::frame::form::Form;

/// Forms that are kept at once, over all browsers.
const MAX_KEPT: usize = 100;
/// Forms that are kept at once of one address, or network of IPv6: a client that sends forms without an account pushes
/// out only its own.
const MAX_OF_ADDRESS: usize = 5;
/// Bytes of the names and values of a form that is kept.
const MAX_BYTES: usize = 64 << 10;
/// For how long a form is kept, in seconds.
pub const KEPT_SECONDS: i64 = 3_600;
/// The length of a key.
pub const KEY: usize = 40;

struct Kept {
    key: String,
    from: IpAddr,
    user: UserId,
    /// The page with the form.
    page: String,
    form: Form,
    until: i64,
}

/// The forms that are kept.
pub struct KeptForms {
    clock: Clock,
    kept: Mutex<VecDeque<Kept>>,
}

impl KeptForms {
    /// None yet.
    pub fn new(clock: &Clock) -> KeptForms {
        KeptForms { clock: clock.clone(), kept: Mutex::default() }
    }

    /// Keeps what a user has sent from an address with the form of a page, and returns its key. `None` if it is too long.
    /// Beyond the bounds the oldest of the address goes, or of the address that has the most.
    pub fn keep(&self, from: IpAddr, user: UserId, page: &str, form: Form) -> Option<String> {
        if form.bytes() > MAX_BYTES {
            return None;
        }
        let key = random_text(KEY);
        let from = counted(from);
        let now = self.clock.now().0;
        let until = now + KEPT_SECONDS;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|it| (now..=until).contains(&it.until));
        let of = |from| kept.iter().filter(|it| it.from == from).count();
        let goes = match () {
            () if of(from) >= MAX_OF_ADDRESS => Some(from),
            // The first of those that have the most is the oldest.
            () if kept.len() >= MAX_KEPT => {
                kept.iter().rev().map(|it| it.from).max_by_key(|it| of(*it))
            }
            () => None,
        };
        if let Some(at) = goes.and_then(|goes| kept.iter().position(|it| it.from == goes)) {
            kept.remove(at);
        }
        kept.push_back(Kept { key: key.clone(), from, user, page: page.to_owned(), form, until });
        Some(key)
    }

    /// What the user has sent with the form of a page. It is given out once.
    pub fn take(&self, key: &str, user: UserId, page: &str) -> Option<Form> {
        let now = self.clock.now().0;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|it| (now..=now + KEPT_SECONDS).contains(&it.until));
        let is_it = |it: &Kept| it.key == key && it.user == user && it.page == page;
        let at = kept.iter().position(is_it)?;
        kept.remove(at).map(|it| it.form)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use ical::Moment;

    use super::*;

    const ANN: UserId = UserId(1);
    const HOME: IpAddr = address(1);

    const fn address(last: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))
    }

    fn form(text: &str) -> Form {
        Form::read(format!("name={text}").as_bytes())
    }

    #[test]
    fn a_form_is_given_back_once_to_its_user_on_its_page_and_for_an_hour() {
        let clock = Clock::manual(Moment(1_000_000));
        let forms = KeptForms::new(&clock);
        let key = forms.keep(HOME, ANN, "/admin/a", form("x")).unwrap();
        assert!(forms.take(&key, UserId(2), "/admin/a").is_none());
        assert!(forms.take(&key, ANN, "/admin/b").is_none());
        assert!(forms.take("other", ANN, "/admin/a").is_none());
        assert_eq!(forms.take(&key, ANN, "/admin/a").unwrap().text("name"), "x");
        assert!(forms.take(&key, ANN, "/admin/a").is_none());
        let key = forms.keep(HOME, ANN, "/admin/a", form("x")).unwrap();
        clock.advance(Duration::from_secs(KEPT_SECONDS as u64 + 1));
        assert!(forms.take(&key, ANN, "/admin/a").is_none());
    }

    #[test]
    fn no_more_and_no_longer_forms_are_kept_than_the_bounds() {
        let forms = KeptForms::new(&Clock::manual(Moment(0)));
        assert!(forms.keep(HOME, ANN, "/", form(&"x".repeat(MAX_BYTES))).is_none());
        let first = forms.keep(address(0), ANN, "/", form("x")).unwrap();
        for number in 1..=MAX_KEPT {
            forms.keep(address(number as u8), ANN, "/", form("x")).unwrap();
        }
        assert!(forms.take(&first, ANN, "/").is_none());
        assert_eq!(forms.kept.lock().unwrap().len(), MAX_KEPT);
    }

    #[test]
    fn a_client_that_sends_many_forms_pushes_out_only_its_own() {
        let forms = KeptForms::new(&Clock::manual(Moment(0)));
        let others = forms.keep(address(0), ANN, "/", form("x")).unwrap();
        let first = forms.keep(HOME, ANN, "/", form("x")).unwrap();
        for _ in 0..2 * MAX_KEPT {
            forms.keep(HOME, ANN, "/", form("x")).unwrap();
        }
        assert!(forms.take(&first, ANN, "/").is_none());
        assert!(forms.take(&others, ANN, "/").is_some());
        // Also when all places are taken.
        let others = forms.keep(address(0), ANN, "/", form("x")).unwrap();
        for number in 0..MAX_KEPT {
            forms.keep(address(1 + (number / MAX_OF_ADDRESS) as u8), ANN, "/", form("x")).unwrap();
        }
        assert!(forms.take(&others, ANN, "/").is_some());
        assert!(forms.kept.lock().unwrap().len() <= MAX_KEPT);
    }
}
