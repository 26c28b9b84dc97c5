//! What becomes of the claim of an object (rule 4) that is gone, or that is not seen for a while.

use clearing::{Claims, GivenUp, Held, Owners, Sight, Source};
use ical::{Calendar as Objects, Moment};
use store::objects::{self, Resource};
use store::tokens;
use store::uid_metadata::{self, Absence, Trace};

use crate::Result;
use crate::room::claims::ComeAndGone;
use crate::room::keeper::{ClaimKeeper, Holding, last_look};

impl ClaimKeeper<'_> {
    /// Records that an object is not at its place any more, as the server says. Its claim ends where a GET
    /// has confirmed that (`is_confirmed`).
    pub async fn leave(
        &self,
        there: &Resource,
        is_confirmed: bool,
        now: Moment,
        moved: &mut ComeAndGone,
    ) -> Result<()> {
        let Resource { uid, href, text, .. } = there;
        for key in self.keys.keys_of_leaving((uid, href), text).await? {
            // What is not known to be gone gives nothing up that another could take over.
            let nothing = &mut ComeAndGone::default();
            let its =
                self.give_up(&key, text, now, if is_confirmed { moved } else { nothing }).await?;
            let text = its.as_deref().unwrap_or(text);
            let text = Some(text).filter(|it| !it.is_empty());
            if is_confirmed {
                self.set_ended(&key, text, now).await?;
                continue;
            }
            if let Some(text) = text {
                let id = self.calendar.id;
                uid_metadata::set_vanished(self.transaction, id, &key, (href, text), now.0).await?;
            }
            self.set_absent(&key, now).await?;
        }
        Ok(())
    }

    /// Keeps the text of an object that the server does not give at present: whether its hours are free, and what
    /// it holds when it is given again, follows from the last text that could be read, else from the last one.
    pub async fn not_given(&self, there: &Resource, now: Moment) -> Result<()> {
        let Resource { uid, href, text, .. } = there;
        if text.is_empty() {
            return Ok(());
        }
        let keys = match uid.is_empty() {
            true => vec![uid_metadata::key_of(uid, text).into_owned()],
            false => self.keys.keys_of_leaving((uid, href), text).await?,
        };
        for key in keys {
            let Trace { claims_of, last_text, .. } = self.keys.trace(&key).await?;
            let readable = last_text.filter(|it| claims_of == uid_metadata::digest(it));
            let text = readable.as_deref().unwrap_or(text);
            uid_metadata::keep_text(self.transaction, self.calendar.id, &key, text, now.0).await?;
        }
        Ok(())
    }

    /// Records that what lay at a place is not seen there: `now_there` is what the server gives, or does not
    /// give, in its stead. Whether it lies elsewhere is not known.
    pub async fn not_seen_at(&self, now_there: &Resource, now: Moment) -> Result<()> {
        for key in self.keys.others_at(now_there).await? {
            self.set_absent(&key, now).await?;
        }
        Ok(())
    }

    /// At the end of a look: what lay at places where it saw something else, and lies nowhere else, is gone.
    pub async fn end_refilled(&self, moved: &mut ComeAndGone, now: Moment) -> Result<()> {
        for there in std::mem::take(&mut moved.refilled) {
            let id = self.calendar.id;
            let Some(now_there) = objects::by_href(self.transaction, id, &there.href).await? else {
                continue;
            };
            for key in self.keys.others_at(&now_there).await? {
                let its = self.give_up(&key, &there.text, now, moved).await?;
                self.set_ended(&key, its.as_deref(), now).await?;
            }
        }
        Ok(())
    }

    async fn set_absent(&self, key: &str, now: Moment) -> Result<()> {
        let (_, last_look) = last_look(self.transaction, self.calendar).await?;
        let absent = Absence { noticed_at: now.0, last_look };
        Ok(uid_metadata::set_absent(self.transaction, self.calendar.id, key, absent).await?)
    }

    /// Notes what an object gives up that leaves, of which `text` is what the mirror has at its place. Returns the
    /// text that its claims are of, if that is at hand.
    async fn give_up(
        &self,
        key: &str,
        text: &[u8],
        now: Moment,
        moved: &mut ComeAndGone,
    ) -> Result<Option<Vec<u8>>> {
        let Trace { claims, claims_of, last_text, .. } = self.keys.trace(key).await?;
        // The mirror has no text of what was not given.
        let mut texts = [Some(text.to_vec()), last_text].into_iter().flatten();
        let its = texts.find(|it| claims_of == uid_metadata::digest(it));
        let (Some(claims), Some(text)) = (claims, &its) else { return Ok(its) };
        let Ok(parsed) = Objects::parse(text) else { return Ok(its) };
        let Some(object) = parsed.objects().first() else { return Ok(its) };
        let before = Held { calendar: &parsed, object };
        let parts = clearing::given_up(&claims, before, None, now, &mut self.zones(), &self.policy);
        let author = self.author(&object.uid()).await?;
        let owners = Owners::of(before, author.as_deref(), &self.policy);
        moved.given_up.push(GivenUp { owners, parts, text: text.clone() });
        Ok(its)
    }

    /// Ends the claim of an object that is gone from a place for sure; `text` is as it was.
    pub async fn end(
        &self,
        (uid, href): (&str, &str),
        text: Option<&[u8]>,
        now: Moment,
    ) -> Result<()> {
        for key in self.keys.keys_of_leaving((uid, href), text.unwrap_or_default()).await? {
            let text = text.filter(|it| !it.is_empty());
            self.set_ended(&key, text, now).await?;
        }
        Ok(())
    }

    /// Ends what was reported to be gone, and of which that is confirmed now, by the key of its claim. What
    /// has come back meanwhile goes on.
    pub async fn end_vanished(&self, key: &str, now: Moment) -> Result<()> {
        match self.keys.trace(key).await?.is_vanished {
            true => self.set_ended(key, None, now).await,
            false => Ok(()),
        }
    }

    async fn set_ended(&self, key: &str, text: Option<&[u8]>, now: Moment) -> Result<()> {
        self.bind_no_further(key, text, now).await?;
        tokens::suspend(self.transaction, self.calendar.id, key, now.0).await?;
        Ok(uid_metadata::set_ended(self.transaction, self.calendar.id, key, text, now.0).await?)
    }

    /// Cuts the tokens of an event that is gone to what it held as far as claims are computed. What lies behind
    /// follows from its text only, and another event of its UID is not to have that.
    async fn bind_no_further(&self, key: &str, text: Option<&[u8]>, now: Moment) -> Result<()> {
        let id = self.calendar.id;
        if !tokens::has_bindings(self.transaction, id, key).await? {
            return Ok(());
        }
        let mut held = text.map(|text| self.intervals(text, now)).unwrap_or_default();
        if held.is_empty() {
            held.push((Moment::MIN, Moment::MAX));
        }
        let cut = |bound: &[(Moment, Moment)]| {
            let mut bound = clearing::intervals_within(bound, &held);
            bound.retain(|it| it.1 < Moment::MAX);
            bound
        };
        Ok(tokens::cut(self.transaction, id, key, cut).await?)
    }

    /// At the end of a look, when all that came is known, or once an object was read alone: of what is seen again
    /// nobody knows whether it was there meanwhile, so what others have come to hold since, it holds anew.
    pub async fn settle_absences(&self, sight: Sight) -> Result<()> {
        let id = self.calendar.id;
        let again = uid_metadata::seen_again(self.transaction, id).await?;
        if again.is_empty() {
            return Ok(());
        }
        let others = self.all_held(sight.moment()).await?;
        for (key, absent) in again {
            let Trace { claims: Some(claims), claims_of, href, .. } = self.keys.trace(&key).await?
            else {
                continue;
            };
            let there = objects::by_href(self.transaction, id, &href).await?;
            // What is there cannot be read yet, or is another object.
            let is_it = |it: &Resource| claims_of == uid_metadata::digest(&it.text);
            let Some(Resource { text, .. }) = there.filter(is_it) else { continue };
            uid_metadata::set_present(self.transaction, id, &key).await?;
            let Ok(parsed) = Objects::parse(&text) else { continue };
            let Some(object) = parsed.objects().first() else { continue };
            let others = others.iter().filter(|other| other.href != href);
            let came: Vec<_> = others.flat_map(|other| other.come_since(absent)).collect();
            let it = Held { calendar: &parsed, object };
            let zones = &mut self.zones();
            let claims =
                clearing::restored_claims(&claims, None, it, &came, sight, zones, &self.policy);
            let key = (key.as_str(), href.as_str());
            uid_metadata::set_claims(self.transaction, id, key, &claims, &text).await?;
        }
        Ok(())
    }

    /// What all objects of the mirror hold from a moment on, as far as it is remembered since when.
    async fn all_held(&self, now: Moment) -> Result<Vec<Holder>> {
        let id = self.calendar.id;
        let there = objects::between(self.transaction, id, now.0, i64::MAX).await?;
        let there = self.holding(there, now).await?;
        let all: Vec<String> = there.iter().flat_map(|it| it.keys.clone()).collect();
        let known = uid_metadata::of_uids(self.transaction, id, &all).await?.memory.claims;
        let holder = |it: Holding| {
            let claims = it.keys.iter().find_map(|key| known.get(key))?.clone();
            Some(Holder { intervals: self.intervals(&it.text, now), href: it.href, claims })
        };
        Ok(there.into_iter().filter_map(holder).collect())
    }
}

/// An object with what it holds, and since when.
struct Holder {
    href: String,
    intervals: Vec<(Moment, Moment)>,
    claims: Claims,
}

impl Holder {
    /// What it has come to hold since another was not seen.
    fn come_since(&self, absent: Absence) -> impl Iterator<Item = (Moment, Moment)> {
        let pieces =
            self.intervals.iter().flat_map(|(start, end)| self.claims.pieces(*start, *end));
        let came = pieces.filter(move |piece| match piece.held.source {
            Source::Written | Source::Reserved => piece.held.since.0 >= absent.noticed_at,
            _ => piece.held.unseen_look >= absent.last_look,
        });
        came.map(|piece| (piece.start, piece.end))
    }
}
