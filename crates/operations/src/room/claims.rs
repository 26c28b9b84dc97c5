//! Since when each object holds its time (rule 4): recorded at every look and at every write, for every
//! calendar, whatever it ranks by.

use std::collections::BTreeMap;

use clearing::{Claims, GivenUp, Held, Owners, Sight};
use ical::{Calendar as Objects, Moment};
use store::objects::Resource;
use store::tokens::TokenHolder;
use store::uid_metadata::{self, Trace};
use store::{objects, tokens};

use crate::Result;
use crate::room::claim_key::{Owner, is_of};
use crate::room::keeper::ClaimKeeper;

/// An object that a look saw for the first time: it may take over what others gave up at that look.
#[derive(Debug)]
pub(crate) struct Appeared {
    /// The key of its claims.
    pub key: String,
    /// Its place.
    pub href: String,
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
    /// What lay at places where the look saw something else.
    pub refilled: Vec<Resource>,
    /// The tokens that it saw, each with an event that holds it.
    pub tokens: Vec<(String, TokenHolder)>,
}

/// How what is written came about, for since when it holds its time (rule 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// By a booking, a change, or an import into a calendar that held events.
    Written,
    /// By an import into an empty calendar: each event holds its time since it was created.
    FirstImport,
    /// A restore of what was removed.
    Restored {
        /// When.
        removed_at: Moment,
        /// The UID of the object that had the rest of a series since, and is removed by the restore.
        next: Option<String>,
    },
    /// The rest of a series that is divided: it holds its time since the series does.
    RestOf {
        /// The UID of the series.
        uid: String,
        /// Where it lies.
        href: String,
    },
}

impl ClaimKeeper<'_> {
    /// Records what an object holds that the program has just written, by how that came about. `written` is
    /// how a write is seen.
    pub async fn written(
        &self,
        uid: (&str, &str),
        before: Option<&[u8]>,
        text: &[u8],
        origin: &Origin,
        written: Sight,
    ) -> Result<()> {
        let sight = match (origin, written) {
            (Origin::Restored { removed_at, next }, _) => {
                let since = (*removed_at, next.as_deref());
                return self.restore(uid, before, text, since, written).await;
            }
            (Origin::RestOf { uid: of, href }, _) => {
                return self.see_rest(uid, text, (of, href), written).await;
            }
            (Origin::FirstImport, Sight::Written { at, .. }) => Sight::First(at),
            (Origin::FirstImport | Origin::Written, _) => written,
        };
        self.see_alone(uid, before, text, sight).await
    }

    /// What an object holds that the program has just written where nothing was, and of whose key nothing is known;
    /// `None` if it takes more than that to record it: it cannot be read as text, or has tokens.
    pub fn of_new(&self, text: &[u8], origin: &Origin, written: Sight) -> Option<Claims> {
        let sight = match (origin, written) {
            (Origin::FirstImport, Sight::Written { at, .. }) => Sight::First(at),
            (Origin::Restored { .. } | Origin::RestOf { .. }, _) => return None,
            (Origin::FirstImport | Origin::Written, _) => written,
        };
        let calendar = &Objects::parse(text).ok()?;
        let object = calendar.objects().first()?;
        let it = Held { calendar, object };
        let has_tokens = calendar
            .events_of(object)
            .any(|event| clearing::tokens_in(&event.description()).next().is_some());
        let first = || {
            let zones = &mut self.zones();
            clearing::first_claims(it, sight, &Owners::default(), &[], zones, &self.policy)
        };
        (!has_tokens).then(first)
    }

    /// Records what the rest of a series holds, which lies there whole as yet: what the series held, it holds since the
    /// series does, and with its tokens.
    async fn see_rest(
        &self,
        (uid, href): (&str, &str),
        text: &[u8],
        series: (&str, &str),
        sight: Sight,
    ) -> Result<()> {
        let known = self.held_at(series).await?;
        let whole = known.as_ref().map(|(_, whole)| Objects::parse(whole)).transpose();
        let parsed = Objects::parse(text);
        let objects = known.as_ref().and_then(|(claims, _)| {
            let whole = whole.as_ref().ok()?.as_ref()?;
            let before = Held { calendar: whole, object: whole.objects().first()? };
            let rest = parsed.as_ref().ok()?;
            Some((claims, before, Held { calendar: rest, object: rest.objects().first()? }))
        });
        let Some((claims, before, rest)) = objects else {
            return self.see_alone((uid, href), None, text, sight).await;
        };
        let (zones, now) = (&mut self.zones(), sight.moment());
        let claims = clearing::renewed_claims(claims, before, rest, sight, zones, &self.policy);
        self.keep((uid, href), &claims, text, now).await?;
        let moved = clearing::newly_held(before, rest, now, zones, &self.policy);
        let cut = |bound: &[(Moment, Moment)]| clearing::intervals_without(bound, &moved);
        let id = self.calendar.id;
        tokens::carry_on(self.transaction, id, (series.0, uid), cut).await?;
        let mut seen = ComeAndGone::default();
        self.note_tokens(uid, rest, now, &mut seen);
        self.bind_tokens(&mut seen, now).await
    }

    /// The live claims of the object of a UID at a place, with the text that they are of.
    async fn held_at(&self, (uid, href): (&str, &str)) -> Result<Option<(Claims, Vec<u8>)>> {
        let by_uid = self.keys.trace(uid).await?;
        let trace = match by_uid.is_live() && by_uid.href == href {
            true => by_uid,
            false => self.keys.trace(&uid_metadata::key_of_place(uid, href)).await?,
        };
        let Some(claims) = trace.live() else { return Ok(None) };
        let there = objects::by_href(self.transaction, self.calendar.id, href).await?;
        let texts = there.map(|it| it.text).into_iter().chain(trace.last_text);
        let of_claims = |it: &Vec<u8>| uid_metadata::digest(it) == trace.claims_of;
        Ok(texts.into_iter().find(of_claims).map(|text| (claims, text)))
    }

    /// As [`ClaimKeeper::see`], of one object beside which nothing else is seen.
    pub async fn see_alone(
        &self,
        uid: (&str, &str),
        mirrored: Option<&[u8]>,
        text: &[u8],
        sight: Sight,
    ) -> Result<()> {
        let mut seen = ComeAndGone::default();
        self.see(uid, mirrored, text, sight, &mut seen).await?;
        self.bind_tokens(&mut seen, sight.moment()).await
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
        let known = self.keys.trace(&uid_metadata::key_of(uid, text)).await?;
        let is_same = known.claims_of == uid_metadata::digest(text) && mirrored == Some(text);
        if is_same && known.href == href && !known.is_vanished && known.is_live() {
            return Ok(());
        }
        let is_new = mirrored.is_none();
        let Owner { key, trace } = self.keys.owner((uid, href), is_new, text, known).await?;
        let (key, uid) = (&*key, if uid.is_empty() { &*key } else { uid });
        let claims = trace.live();
        let Trace { claims_of, last_text, .. } = trace;
        let is_recorded = claims.is_some() && claims_of == uid_metadata::digest(text);
        let interim = mirrored
            .filter(|it| is_of(it, uid) && *it != text && claims_of != uid_metadata::digest(it));
        let mirrored = mirrored.filter(|it| claims_of == uid_metadata::digest(it));
        let last_text = last_text.filter(|it| claims_of == uid_metadata::digest(it));
        let parsed = Objects::parse(text);
        let object = parsed.as_ref().ok().and_then(|it| Some((it, it.objects().first()?)));
        let after = object.map(|(calendar, object)| Held { calendar, object });
        let zones = &mut self.zones();
        let is_read =
            after.is_some_and(|it| clearing::can_be_read(it, sight.moment(), zones, &self.policy));
        let before = mirrored.map(<[u8]>::to_vec).or(last_text);
        let of = if is_recorded { Some(text) } else { before.as_deref() };
        // What it did not hold while it could not be read, it holds anew.
        let claims = match (claims, interim, of) {
            (Some(claims), Some(interim), Some(of)) => {
                Some(self.after_unreadable(&claims, of, interim, sight))
            }
            (claims, ..) => claims,
        };
        let Some(after) = after.filter(|_| is_read || claims.is_none()) else {
            // As long as it cannot be read it holds nothing; what it held follows from its last text.
            let (Some(claims), Some(before)) = (claims, before) else { return Ok(()) };
            self.keep((key, href), &claims, &before, sight.moment()).await?;
            return self.keep_text(key, &before, sight.moment()).await;
        };
        let renewed = match (claims, before) {
            (Some(claims), _) if is_recorded => claims,
            (Some(claims), Some(before)) => {
                self.changed(uid, &claims, &before, after, sight, moved).await?
            }
            _ => {
                let (key, href) = (key.to_owned(), href.to_owned());
                let appeared = Appeared { key, href, text: text.to_vec() };
                moved.appeared.push(appeared);
                self.first(after, uid, sight, &[]).await?
            }
        };
        self.keep((key, href), &renewed, text, sight.moment()).await?;
        self.note_tokens(uid, after, sight.moment(), moved);
        Ok(())
    }

    /// The claims of the text `of`, after a time as `interim`, which cannot be read.
    fn after_unreadable(&self, claims: &Claims, of: &[u8], interim: &[u8], sight: Sight) -> Claims {
        let (Ok(of), Ok(interim)) = (Objects::parse(of), Objects::parse(interim)) else {
            return claims.clone();
        };
        let (Some(object), Some(meanwhile)) = (of.objects().first(), interim.objects().first())
        else {
            return claims.clone();
        };
        let of = Held { calendar: &of, object };
        let interim = Held { calendar: &interim, object: meanwhile };
        clearing::after_unreadable(claims, of, interim, sight, &mut self.zones(), &self.policy)
    }

    /// Records the claims of a key; one that is no UID has not been seen.
    async fn keep(
        &self,
        (key, href): (&str, &str),
        claims: &Claims,
        text: &[u8],
        now: Moment,
    ) -> Result<()> {
        if key.starts_with('\u{1}') {
            uid_metadata::see(self.transaction, self.calendar.id, key, now.0).await?;
        }
        let key = (key, href);
        Ok(uid_metadata::set_claims(self.transaction, self.calendar.id, key, claims, text).await?)
    }

    async fn keep_text(&self, uid: &str, text: &[u8], now: Moment) -> Result<()> {
        Ok(uid_metadata::keep_text(self.transaction, self.calendar.id, uid, text, now.0).await?)
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
        let text = before;
        let Ok(parsed) = Objects::parse(text) else { return Ok(claims.clone()) };
        let Some(object) = parsed.objects().first() else { return Ok(claims.clone()) };
        let before = Held { calendar: &parsed, object };
        let zones = &mut self.zones();
        let (policy, now) = (&self.policy, sight.moment());
        let parts = clearing::given_up(claims, before, Some(after), now, zones, policy);
        if !parts.is_empty() {
            let author = self.author(uid).await?;
            let owners = Owners::of(before, author.as_deref(), policy);
            moved.given_up.push(GivenUp { owners, parts, text: text.to_vec() });
        }
        self.lose_priority_of_moved(uid, before, after, now).await?;
        Ok(clearing::renewed_claims(claims, before, after, sight, zones, policy))
    }

    /// At the end of a look: what appeared takes over what others of the same organizer or author gave
    /// up, in whatever order they were read.
    pub async fn hand_over(&self, moved: &ComeAndGone, sight: Sight) -> Result<()> {
        if moved.given_up.is_empty() || matches!(sight, Sight::First(_)) {
            return Ok(());
        }
        for Appeared { key, href, text } in &moved.appeared {
            let Ok(parsed) = Objects::parse(text) else { continue };
            let Some(object) = parsed.objects().first() else { continue };
            let it = Held { calendar: &parsed, object };
            let claims = self.first(it, &object.uid(), sight, &moved.given_up).await?;
            let id = self.calendar.id;
            uid_metadata::set_claims(self.transaction, id, (key, href), &claims, text).await?;
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
        (removed_at, next): (Moment, Option<&str>),
        sight: Sight,
    ) -> Result<()> {
        let Ok(parsed) = Objects::parse(text) else { return Ok(()) };
        let Some(object) = parsed.objects().first() else { return Ok(()) };
        let after = Held { calendar: &parsed, object };
        let Owner { key, trace } = self.keys.owner_of_restored((uid, href), before, text).await?;
        let Some(claims) = trace.claims else {
            return self.see_alone((uid, href), before, text, sight).await;
        };
        let own = (&*key, href, next);
        let others = self.held_by_others(own, after, removed_at, sight.moment()).await?;
        let before = before.map(Objects::parse).transpose().unwrap_or_default();
        let before = before.as_ref().and_then(|calendar| {
            calendar.objects().first().map(|object| Held { calendar, object })
        });
        let zones = &mut self.zones();
        let claims =
            clearing::restored_claims(&claims, before, after, &others, sight, zones, &self.policy);
        let (id, key) = (self.calendar.id, (&*key, href));
        uid_metadata::set_claims(self.transaction, id, key, &claims, text).await?;
        let mut seen = ComeAndGone::default();
        self.note_tokens(uid, after, sight.moment(), &mut seen);
        self.bind_tokens(&mut seen, sight.moment()).await
    }

    /// What other objects hold of the time of one, or held since it was removed.
    async fn held_by_others(
        &self,
        (key, href, next): (&str, &str, Option<&str>),
        it: Held<'_, '_>,
        removed_at: Moment,
        now: Moment,
    ) -> Result<Vec<(Moment, Moment)>> {
        let there = self.others_beside(href, it, now).await?;
        // What the rest of the series has held meanwhile, nobody else has.
        let is_rest = |it: &Resource| next == Some(it.uid.as_str());
        let (rest, there): (Vec<_>, Vec<_>) = there.into_iter().partition(is_rest);
        let rest: Vec<_> = rest.iter().flat_map(|it| self.intervals(&it.text, now)).collect();
        let there = self.holding(there, now).await?.into_iter().map(|it| it.text);
        let id = self.calendar.id;
        let gone = uid_metadata::gone_since(self.transaction, id, key, removed_at.0).await?;
        let others = there.chain(gone).flat_map(|text| self.intervals(&text, now));
        Ok(others.flat_map(|it| clearing::intervals_without(&[it], &rest)).collect())
    }

    /// The other objects that may hold something of the time of one, as the mirror has them.
    async fn others_beside(
        &self,
        href: &str,
        it: Held<'_, '_>,
        now: Moment,
    ) -> Result<Vec<Resource>> {
        let extent = ical::extent(it.calendar, it.object, &mut self.zones());
        let start = extent.start.unwrap_or(now).max(now);
        let end = extent.end.unwrap_or(Moment::MAX).max(start);
        let id = self.calendar.id;
        let there = objects::between(self.transaction, id, start.0, end.0).await?;
        Ok(there.into_iter().filter(|it| it.href != href).collect())
    }

    /// Notes the tokens that an object holds, for [`ClaimKeeper::bind_tokens`].
    fn note_tokens(&self, uid: &str, it: Held<'_, '_>, now: Moment, seen: &mut ComeAndGone) {
        let descriptions = it.calendar.events_of(it.object);
        let descriptions: Vec<String> = descriptions.map(|event| event.description()).collect();
        let mut found: Vec<&str> =
            descriptions.iter().flat_map(|text| clearing::tokens_in(text)).collect();
        found.sort_unstable();
        found.dedup();
        if found.is_empty() {
            return;
        }
        let intervals = clearing::held_intervals(it, now, &mut self.zones(), &self.policy);
        let holder = TokenHolder { uid: uid.to_owned(), intervals };
        seen.tokens.extend(found.into_iter().map(|token| (token.to_owned(), holder.clone())));
    }

    /// Binds the tokens that were seen together, and that the program sees for the first time in these events.
    pub async fn bind_tokens(&self, seen: &mut ComeAndGone, now: Moment) -> Result<()> {
        let mut by_token: BTreeMap<String, Vec<TokenHolder>> = BTreeMap::new();
        for (token, holder) in std::mem::take(&mut seen.tokens) {
            by_token.entry(token).or_default().push(holder);
        }
        for (token, holders) in by_token {
            tokens::bind(self.transaction, self.calendar.id, &token, &holders, now.0).await?;
        }
        Ok(())
    }

    /// Takes the priority of a token from dates that an event comes to hold by a change (rule 4): a moved date loses
    /// it, also one that lies beyond the time that was looked at when the token was bound.
    async fn lose_priority_of_moved(
        &self,
        uid: &str,
        before: Held<'_, '_>,
        after: Held<'_, '_>,
        now: Moment,
    ) -> Result<()> {
        let id = self.calendar.id;
        if !tokens::has_bindings(self.transaction, id, uid).await? {
            return Ok(());
        }
        let zones = &mut self.zones();
        let moved = clearing::newly_held(before, after, now, zones, &self.policy);
        let cut = |bound: &[(Moment, Moment)]| clearing::intervals_without(bound, &moved);
        Ok(tokens::cut(self.transaction, id, uid, cut).await?)
    }
}
