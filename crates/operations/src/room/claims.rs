//! Since when each object holds its time (rule 4): recorded at every look and at every write, for every
//! calendar, whatever it ranks by.

use clearing::{Claims, GivenUp, Held, Owners, Policy, Sight};
use ical::{Calendar as Objects, Moment, Zones};
use store::calendars::Calendar;
use store::objects::Resource;
use store::uid_metadata::{self, Trace};
use store::{Access, Transaction, objects, tokens};

use crate::Result;
use crate::room::snapshot::zones_of;

/// What the program makes of objects that it sees or writes, in one calendar.
pub(crate) struct ClaimKeeper<'k> {
    transaction: &'k Transaction,
    calendar: &'k Calendar,
    policy: Policy,
}

/// An object that a look saw for the first time: it may take over what others gave up at that look.
#[derive(Debug)]
pub(crate) struct Appeared {
    /// Its UID.
    pub uid: String,
    /// Its text.
    pub text: Vec<u8>,
}

/// What one look saw come and go, whatever order it saw it in.
#[derive(Debug, Default)]
pub(crate) struct ComeAndGone {
    /// What is new.
    pub appeared: Vec<Appeared>,
    /// What is no longer held.
    pub given_up: Vec<GivenUp>,
}

/// How what is written came about, for since when it holds its time (rule 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// By a booking, a change, or an import into a calendar that held events.
    Written,
    /// By an import into an empty calendar: each event holds its time since it was created.
    FirstImport,
    /// A restore of what was removed at a moment.
    Restored(Moment),
}

impl<'k> ClaimKeeper<'k> {
    pub fn new(transaction: &'k Transaction, calendar: &'k Calendar) -> ClaimKeeper<'k> {
        ClaimKeeper { transaction, calendar, policy: calendar.plain_policy() }
    }

    /// Records what an object holds that the program has just written, by how that came about. `written` is
    /// how a write is seen.
    pub async fn written(
        &self,
        uid: (&str, &str),
        before: Option<&[u8]>,
        text: &[u8],
        origin: Origin,
        written: Sight,
    ) -> Result<()> {
        let nothing = &mut ComeAndGone::default();
        match (origin, written) {
            (Origin::Restored(at), _) => self.restore(uid, before, text, at, written).await,
            (Origin::FirstImport, Sight::Written { at, .. }) => {
                self.see(uid, before, text, Sight::First(at), nothing).await
            }
            (Origin::FirstImport | Origin::Written, _) => {
                self.see(uid, before, text, written, nothing).await
            }
        }
    }

    /// Records what an object holds that is `text` now, at a place. `mirrored` is its text as it was known
    /// until now; the UID must have been seen. An object without UID is remembered by its text.
    ///
    /// A claim is of one text. What an object has held since it was recorded follows from that text only;
    /// if it is not at hand, everything is held anew.
    pub async fn see(
        &self,
        (uid, href): (&str, &str),
        mirrored: Option<&[u8]>,
        text: &[u8],
        sight: Sight,
        moved: &mut ComeAndGone,
    ) -> Result<()> {
        let (is_nameless, key) = (uid.is_empty(), uid_metadata::key_of(uid, text));
        let uid = &*key;
        let Trace { claims, claims_of, is_vanished, last_text, ended_at } = self.trace(uid).await?;
        let claims = claims.filter(|_| ended_at.is_none());
        let is_recorded = claims.is_some() && claims_of == uid_metadata::digest(text);
        if is_recorded && mirrored == Some(text) && !is_vanished {
            return Ok(());
        }
        let of_this = mirrored.filter(|it| claims_of == uid_metadata::digest(it));
        let is_anothers = claims.is_some() && of_this.is_none() && !is_recorded;
        if !is_nameless && (is_anothers || claims.is_none() && mirrored.is_some()) {
            // The claim of this UID, if there is one, is that of another object.
            let lies_elsewhere = self.is_elsewhere(uid, href).await?;
            let is_done =
                self.see_twin((uid, lies_elsewhere), mirrored, text, sight, moved).await?;
            if is_done || is_anothers && lies_elsewhere {
                return Ok(());
            }
        }
        let mirrored = of_this;
        let last_text = last_text.filter(|it| claims_of == uid_metadata::digest(it));
        let parsed = Objects::parse(text);
        let object = parsed.as_ref().ok().and_then(|it| Some((it, it.objects().first()?)));
        let after = object.map(|(calendar, object)| Held { calendar, object });
        let zones = &mut self.zones();
        let is_read =
            after.is_some_and(|it| clearing::can_be_read(it, sight.moment(), zones, &self.policy));
        let Some(after) = after.filter(|_| is_read || claims.is_none()) else {
            // As long as it cannot be read it holds nothing; what it held follows from its last text.
            return match mirrored {
                Some(before) => self.keep_text(uid, before, sight.moment()).await,
                None => Ok(()),
            };
        };
        let renewed = match (claims, mirrored.map(<[u8]>::to_vec).or(last_text)) {
            (Some(claims), _) if is_recorded => claims,
            (Some(claims), Some(before)) => {
                self.changed(uid, &claims, &before, after, sight, moved).await?
            }
            _ => {
                let appeared = Appeared { uid: uid.to_owned(), text: text.to_vec() };
                moved.appeared.push(appeared);
                self.first(after, uid, sight, &[]).await?
            }
        };
        if is_nameless {
            uid_metadata::see(self.transaction, self.calendar.id, uid, sight.moment().0).await?;
        }
        uid_metadata::set_claims(self.transaction, self.calendar.id, uid, &renewed, text).await?;
        self.bind_tokens(uid, after, sight.moment()).await
    }

    /// Records what an object holds whose UID is, or was, also that of another, which the claim of the UID
    /// belongs to. It is remembered by its text, as one without UID, until it is changed as the only one
    /// that is left. Answers whether that is what it is.
    async fn see_twin(
        &self,
        (uid, lies_elsewhere): (&str, bool),
        mirrored: Option<&[u8]>,
        text: &[u8],
        sight: Sight,
        moved: &mut ComeAndGone,
    ) -> Result<bool> {
        let key = uid_metadata::key_of("", text);
        let known = self.trace(&key).await?;
        if let Some(claims) = known.claims.filter(|_| known.ended_at.is_none()) {
            if known.is_vanished {
                self.keep(&key, &claims, text, sight.moment()).await?;
            }
            return Ok(true);
        }
        let parsed = Objects::parse(text);
        let Ok(parsed) = &parsed else { return Ok(false) };
        let Some(object) = parsed.objects().first() else { return Ok(false) };
        let after = Held { calendar: parsed, object };
        if !clearing::can_be_read(after, sight.moment(), &mut self.zones(), &self.policy) {
            return Ok(false);
        }
        let before = match mirrored {
            None => None,
            Some(before) => {
                let key = uid_metadata::key_of("", before);
                let Trace { claims, ended_at, .. } = self.trace(&key).await?;
                claims.filter(|_| ended_at.is_none()).map(|claims| (key, claims, before))
            }
        };
        let claims = match &before {
            Some((old, claims, before)) => {
                let changed = self.changed(old, claims, before, after, sight, moved).await?;
                self.end((old, ""), None, sight.moment()).await?;
                changed
            }
            None if lies_elsewhere => {
                let appeared = Appeared { uid: key.clone().into_owned(), text: text.to_vec() };
                moved.appeared.push(appeared);
                self.first(after, &key, sight, &[]).await?
            }
            None => return Ok(false),
        };
        let key = if lies_elsewhere { &*key } else { uid };
        self.keep(key, &claims, text, sight.moment()).await?;
        self.bind_tokens(uid, after, sight.moment()).await?;
        Ok(true)
    }

    /// Records the claims of a key that may not have been seen.
    async fn keep(&self, key: &str, claims: &Claims, text: &[u8], now: Moment) -> Result<()> {
        uid_metadata::see(self.transaction, self.calendar.id, key, now.0).await?;
        Ok(uid_metadata::set_claims(self.transaction, self.calendar.id, key, claims, text).await?)
    }

    /// Whether an object of a UID lies in the mirror under another name than this one.
    async fn is_elsewhere(&self, uid: &str, href: &str) -> Result<bool> {
        let there = objects::by_uid(self.transaction, self.calendar.id, uid).await?;
        Ok(there.iter().any(|it| it.href != href))
    }

    async fn keep_text(&self, uid: &str, text: &[u8], now: Moment) -> Result<()> {
        Ok(uid_metadata::keep_text(self.transaction, self.calendar.id, uid, text, now.0).await?)
    }

    async fn trace(&self, uid: &str) -> Result<Trace> {
        Ok(uid_metadata::trace(self.transaction, self.calendar.id, uid).await?)
    }

    async fn first(
        &self,
        it: Held<'_, '_>,
        uid: &str,
        sight: Sight,
        given_up: &[GivenUp],
    ) -> Result<Claims> {
        let owners = match given_up {
            [] => Owners::default(),
            _ => Owners::of(it, self.author(uid).await?.as_deref(), &self.policy),
        };
        let zones = &mut self.zones();
        Ok(clearing::first_claims(it, sight, &owners, given_up, zones, &self.policy))
    }

    async fn changed(
        &self,
        uid: &str,
        claims: &Claims,
        before: &[u8],
        after: Held<'_, '_>,
        sight: Sight,
        moved: &mut ComeAndGone,
    ) -> Result<Claims> {
        let Ok(parsed) = Objects::parse(before) else { return Ok(claims.clone()) };
        let Some(object) = parsed.objects().first() else { return Ok(claims.clone()) };
        let before = Held { calendar: &parsed, object };
        let zones = &mut self.zones();
        let (policy, now) = (&self.policy, sight.moment());
        let parts = clearing::given_up(claims, before, Some(after), now, zones, policy);
        if !parts.is_empty() {
            let author = self.author(uid).await?;
            let owners = Owners::of(before, author.as_deref(), policy);
            moved.given_up.push(GivenUp { owners, parts });
        }
        Ok(clearing::renewed_claims(claims, before, after, sight, zones, policy))
    }

    /// Records that an object is reported to be gone from a place. Its claim ends when that is
    /// confirmed.
    pub async fn vanish(
        &self,
        uid: &str,
        (href, text): (&str, &[u8]),
        now: Moment,
        moved: &mut ComeAndGone,
    ) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let key = uid_metadata::key_of(uid, text);
        let uid = &*key;
        uid_metadata::set_vanished(self.transaction, self.calendar.id, uid, (href, text), now.0)
            .await?;
        let Trace { claims: Some(claims), claims_of, .. } = self.trace(uid).await? else {
            return Ok(());
        };
        if claims_of != uid_metadata::digest(text) {
            return Ok(());
        }
        let Ok(parsed) = Objects::parse(text) else { return Ok(()) };
        let Some(object) = parsed.objects().first() else { return Ok(()) };
        let before = Held { calendar: &parsed, object };
        let parts = clearing::given_up(&claims, before, None, now, &mut self.zones(), &self.policy);
        let author = self.author(uid).await?;
        let owners = Owners::of(before, author.as_deref(), &self.policy);
        moved.given_up.push(GivenUp { owners, parts });
        Ok(())
    }

    /// Records that an object is not at its place any more, as the server says that was asked for it. Its
    /// claim ends where a GET has confirmed it (`is_confirmed`).
    pub async fn leave(
        &self,
        there: &Resource,
        is_confirmed: bool,
        now: Moment,
        moved: &mut ComeAndGone,
    ) -> Result<()> {
        let Resource { uid, href, text, .. } = there;
        let key = uid_metadata::key_of(uid, text);
        // Where another of its UID lies elsewhere, only what is remembered by its text ends.
        let key = match self.is_elsewhere(&key, href).await? {
            true => uid_metadata::key_of("", text),
            false => key,
        };
        self.vanish(&key, (href, text), now, moved).await?;
        if !is_confirmed {
            return Ok(());
        }
        self.end((&key, href), None, now).await
    }

    /// Ends the claim of an object that is gone from a place for sure; `text` is as it was. It goes on
    /// where the object lies under another name.
    pub async fn end(
        &self,
        (uid, href): (&str, &str),
        text: Option<&[u8]>,
        now: Moment,
    ) -> Result<()> {
        let key = match text {
            Some(text) => uid_metadata::key_of(uid, text),
            None => uid.into(),
        };
        let uid = &*key;
        if uid.is_empty() || self.is_elsewhere(uid, href).await? {
            return Ok(());
        }
        Ok(uid_metadata::set_ended(self.transaction, self.calendar.id, uid, text, now.0).await?)
    }

    /// At the end of a look: what appeared takes over what others of the same organizer or author gave
    /// up, in whatever order they were read.
    pub async fn hand_over(&self, moved: &ComeAndGone, sight: Sight) -> Result<()> {
        if moved.given_up.is_empty() || matches!(sight, Sight::First(_)) {
            return Ok(());
        }
        for Appeared { uid, text } in &moved.appeared {
            let Ok(parsed) = Objects::parse(text) else { continue };
            let Some(object) = parsed.objects().first() else { continue };
            let it = Held { calendar: &parsed, object };
            let claims = self.first(it, uid, sight, &moved.given_up).await?;
            uid_metadata::set_claims(self.transaction, self.calendar.id, uid, &claims, text)
                .await?;
        }
        Ok(())
    }

    /// Records what a restored object holds, restored wholly or in part: it keeps its claim unless
    /// another held part of it since `removed_at`.
    pub async fn restore(
        &self,
        (uid, href): (&str, &str),
        before: Option<&[u8]>,
        text: &[u8],
        removed_at: Moment,
        sight: Sight,
    ) -> Result<()> {
        let Ok(parsed) = Objects::parse(text) else { return Ok(()) };
        let (nameless, key) = (uid, uid_metadata::key_of(uid, text));
        let uid = &*key;
        let Some(object) = parsed.objects().first() else { return Ok(()) };
        let after = Held { calendar: &parsed, object };
        let Trace { claims, .. } = self.trace(uid).await?;
        let Some(claims) = claims else {
            let nothing = &mut ComeAndGone::default();
            return self.see((nameless, href), before, text, sight, nothing).await;
        };
        let others = self.held_by_others(uid, after, removed_at, sight.moment()).await?;
        let before = before.map(Objects::parse).transpose().unwrap_or_default();
        let before = before.as_ref().and_then(|calendar| {
            calendar.objects().first().map(|object| Held { calendar, object })
        });
        let zones = &mut self.zones();
        let claims =
            clearing::restored_claims(&claims, before, after, &others, sight, zones, &self.policy);
        Ok(uid_metadata::set_claims(self.transaction, self.calendar.id, uid, &claims, text).await?)
    }

    /// What other objects hold of the time of one, or held since it was removed.
    async fn held_by_others(
        &self,
        uid: &str,
        it: Held<'_, '_>,
        removed_at: Moment,
        now: Moment,
    ) -> Result<Vec<(Moment, Moment)>> {
        let id = self.calendar.id;
        let extent = ical::extent(it.calendar, it.object, &mut self.zones());
        let start = extent.start.unwrap_or(now).max(now);
        let end = extent.end.unwrap_or(Moment::MAX).max(start);
        let there = objects::between(self.transaction, id, start.0, end.0).await?;
        let there = there.into_iter().filter(|it| it.uid != uid).map(|it| it.text);
        let gone = uid_metadata::gone_since(self.transaction, id, uid, removed_at.0).await?;
        let mut all = Vec::new();
        for text in there.chain(gone) {
            let Ok(parsed) = Objects::parse(&text) else { continue };
            for object in parsed.objects() {
                let it = Held { calendar: &parsed, object };
                let zones = &mut self.zones();
                all.extend(clearing::held_intervals(it, now, zones, &self.policy));
            }
        }
        Ok(all)
    }

    /// Binds the tokens that an object holds and that the program sees in it for the first time.
    async fn bind_tokens(&self, uid: &str, it: Held<'_, '_>, now: Moment) -> Result<()> {
        let descriptions = it.calendar.events_of(it.object);
        let descriptions: Vec<String> =
            descriptions.map(|event| event.description(it.calendar)).collect();
        let mut found: Vec<&str> =
            descriptions.iter().flat_map(|text| clearing::tokens_in(text)).collect();
        found.sort_unstable();
        found.dedup();
        if found.is_empty() {
            return Ok(());
        }
        let held = clearing::held_intervals(it, now, &mut self.zones(), &self.policy);
        for token in found {
            let id = self.calendar.id;
            tokens::bind(self.transaction, id, uid, token, &held, now.0).await?;
        }
        Ok(())
    }

    async fn author(&self, uid: &str) -> Result<Option<String>> {
        let known = uid_metadata::of_uid(self.transaction, self.calendar.id, uid).await?;
        Ok(known.authors.get(uid).cloned())
    }

    fn zones(&self) -> Zones {
        zones_of(self.calendar)
    }
}

/// When the first request of the last look at a calendar on a server began, and its number; the beginning
/// of time and 0 before the first has ended.
pub(crate) async fn last_look(access: &impl Access, calendar: &Calendar) -> Result<(Moment, i64)> {
    let state = store::mirror::state(access, calendar.id).await?.unwrap_or_default();
    Ok((state.listed_at.map_or(Moment::MIN, Moment), state.looks))
}
