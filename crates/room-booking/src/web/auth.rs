//! API authentication: from the key of a request to a [`Caller`] with its rights, or 401, 403 or
//! 429.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use facts::clock::Instant;
use governor::Quota;
use operations::{Caller, Clock, SecurityEvent, Service};
use store::KeyId;
use store::audit::Actor;
use store::keys::Rights;
use store::secrets::sha256;

use super::problem::Problem;
use super::rate::KeyedLimiter;
use super::{App, address};

/// How long the lookup of a key is cached: for this long, a key works after it was revoked, or its
/// user's calendars were changed, on another server.
const CACHED: Duration = Duration::from_secs(1);
/// The number of cached keys.
const MAX_CACHED: usize = 10_000;
/// The number of wrong keys that an address may send at once …
const WRONG_AT_ONCE: std::num::NonZeroU32 = std::num::NonZeroU32::new(20).unwrap();
/// … and the interval in seconds afterwards.
const WRONG_EVERY: Duration = Duration::from_secs(3);
/// The number of addresses beyond which those without a waiting time are dropped.
const MAX_ADDRESSES: usize = 10_000;
/// The characters of a wrong key that are recorded: as many as the program shows of a right one.
const SHOWN_OF_KEY: usize = 11;
/// The longest key that is looked up.
const MAX_KEY: usize = 200;

/// A cached lookup of a key.
type LookedUp = (Instant, Arc<Caller>);

/// The cache of keys.
#[derive(Debug)]
pub struct Keys {
    callers: Mutex<HashMap<[u8; 32], LookedUp>>,
    /// Uses of keys that are not recorded in the database yet.
    used: Mutex<HashMap<KeyId, i64>>,
    wrong: KeyedLimiter<IpAddr>,
}

impl Keys {
    /// An empty cache.
    pub fn new(clock: &Clock) -> Keys {
        let every = Quota::with_period(WRONG_EVERY);
        let quota = every.unwrap_or(Quota::per_minute(WRONG_AT_ONCE)).allow_burst(WRONG_AT_ONCE);
        Keys {
            callers: Mutex::default(),
            used: Mutex::default(),
            wrong: KeyedLimiter::new(quota, MAX_ADDRESSES, clock),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Keys {
    /// Looks up the caller of a key.
    async fn caller(
        &self,
        service: &Service,
        key: &str,
    ) -> operations::Result<Option<Arc<Caller>>> {
        let hash = sha256(key.as_bytes());
        let now = service.now().0;
        let known = locked(&self.callers).get(&hash).cloned();
        let known = known.filter(|(at, caller)| {
            service.clock.elapsed(*at) < CACHED
                && caller.expires_at.is_none_or(|expires| now < expires)
        });
        let caller = match known {
            Some((_, caller)) => caller,
            None => match service.people().caller_of_key(key).await? {
                None => return Ok(None),
                Some(caller) => {
                    let caller = Arc::new(caller);
                    let mut callers = locked(&self.callers);
                    if callers.len() >= MAX_CACHED {
                        callers.retain(|_, (at, _)| service.clock.elapsed(*at) < CACHED);
                    }
                    if callers.len() < MAX_CACHED {
                        callers.insert(hash, (service.clock.instant(), Arc::clone(&caller)));
                    }
                    caller
                }
            },
        };
        if let Some(key) = caller.key {
            locked(&self.used).insert(key, now);
        }
        Ok(Some(caller))
    }

    /// The uses of keys since the last call, to the minute.
    pub fn take_used(&self) -> Vec<(KeyId, i64)> {
        locked(&self.used).drain().map(|(key, at)| (key, at - at.rem_euclid(60))).collect()
    }

    /// Counts a wrong key: 401, or 429 where there were too many.
    fn wrong_key(&self, address: IpAddr) -> Problem {
        match self.wrong.check(&address::counted(address)) {
            Ok(()) => not_valid(),
            Err(seconds) => Problem::too_many(seconds),
        }
    }
}

/// A right that a call needs.
pub trait Right: Send + Sync {
    /// Its name.
    const NAME: &'static str;
    /// Whether the rights include it.
    fn is_in(rights: &Rights) -> bool;
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident $right:literal $has:expr;)*) => {
        $(
            $(#[$doc])*
            pub struct $name;
            impl Right for $name {
                const NAME: &'static str = $right;
                fn is_in(rights: &Rights) -> bool {
                    let has: fn(&Rights) -> bool = $has;
                    has(rights)
                }
            }
        )*
    };
}

rights! {
    /// To list calendars and events.
    Read "read" |it| it.read;
    /// To create events.
    Create "create" |it| it.create;
    /// To change events.
    Change "change" |it| it.change;
    /// To delete events.
    Delete "delete" |it| it.delete;
    /// To see which rooms are free; the right to read includes it.
    Freebusy "freebusy" |it| it.read || it.freebusy;
    /// To see what a clear would do; the right to clear includes it.
    Preview "preview" Rights::may_preview;
}

/// A caller whose key has the right `R`.
pub struct Authorized<R> {
    /// The caller.
    pub caller: Arc<Caller>,
    /// The address that the request comes from.
    client: IpAddr,
    right: std::marker::PhantomData<R>,
}

impl<R: Right> FromRequestParts<App> for Authorized<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Some(key) = bearer(parts) else {
            let detail = "send an API key: the header is `Authorization: Bearer KEY`";
            return Err(Problem::unauthorized(detail));
        };
        let caller = match key {
            // A text that cannot be a key is wrong without a lookup.
            key if key.len() > MAX_KEY => None,
            key => app.keys.caller(&app.service, key).await?,
        };
        let client = client(parts, app);
        let Some(caller) = caller else {
            let (event, start) = (SecurityEvent::KeyRefused, start_of(key).to_owned());
            app.service.people().note_security(event, None, &start, &client.to_string()).await;
            return Err(app.keys.wrong_key(client));
        };
        let authorized = Authorized { caller, client, right: std::marker::PhantomData };
        if !R::is_in(&authorized.caller.rights) {
            authorized.note_refusal(app, parts.uri.path()).await;
            return Err(lacks(R::NAME));
        }
        if let Some(slug) = calendar_of(parts).await {
            let path = parts.uri.path().to_owned();
            let slugs = std::slice::from_ref(&slug);
            authorized.note_calendars_of_others(app, slugs, |_| path.clone()).await?;
        }
        Ok(authorized)
    }
}

impl<R> Authorized<R> {
    /// Notes that something exists, or can be done, and is not for the caller. The subject is its path.
    pub async fn note_refusal(&self, app: &App, subject: &str) {
        let actor = Actor { user: Some(self.caller.user), name: self.caller.name.clone() };
        let (event, address) = (SecurityEvent::AccessRefused, self.client.to_string());
        app.service.people().note_security(event, Some(&actor), subject, &address).await;
    }

    /// Notes each of these calendars that exists and that the caller does not reach.
    pub async fn note_calendars_of_others(
        &self,
        app: &App,
        slugs: &[String],
        subject: impl Fn(&str) -> String,
    ) -> Result<(), Problem> {
        let is_reached = |slug: &str| self.caller.calendars.iter().any(|it| it.slug == slug);
        let others: BTreeSet<&str> =
            slugs.iter().map(String::as_str).filter(|it| !is_reached(it)).collect();
        if others.is_empty() {
            return Ok(());
        }
        let all = store::calendars::all(&app.service.store).await;
        for calendar in all.map_err(operations::Error::from)? {
            if others.contains(calendar.slug.as_str()) {
                self.note_refusal(app, &subject(&calendar.slug)).await;
            }
        }
        Ok(())
    }
}

fn client(parts: &Parts, app: &App) -> IpAddr {
    address::of_request(parts, &app.settings.trusted_proxies)
}

/// How a wrong key begins, as far as that tells nothing of what it may be instead, such as a password.
fn start_of(key: &str) -> &str {
    let start = key.get(..SHOWN_OF_KEY).filter(|it| it.starts_with(store::keys::START));
    start
        .filter(|it| it.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
        .unwrap_or_default()
}

/// The calendar that the path names.
async fn calendar_of(parts: &mut Parts) -> Option<String> {
    let params = RawPathParams::from_request_parts(parts, &()).await.ok()?;
    params.iter().find(|(name, _)| *name == "calendar").map(|(_, slug)| slug.to_owned())
}

/// 401: it is no key that is valid.
pub fn not_valid() -> Problem {
    Problem::unauthorized("the API key is not valid")
}

/// 403: the key lacks a right.
pub fn lacks(right: &str) -> Problem {
    let detail = format!("the API key may not do this: it lacks the right to {right}");
    Problem::new(StatusCode::FORBIDDEN, detail)
}

/// The key of a request: a single `Authorization` header of the scheme Bearer (RFC 6750).
fn bearer(parts: &Parts) -> Option<&str> {
    let mut values = parts.headers.get_all(AUTHORIZATION).iter();
    let (value, None) = (values.next()?.to_str().ok()?, values.next()) else { return None };
    let (scheme, key) = value.trim().split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}
