//! The world of the property, and the model of who held what.

use super::*;

impl World {
    pub fn said(&self, lie: Lie) -> i64 {
        match lie {
            Lie::Truth => self.clock,
            Lie::Long => FIRST_LOOK - 9_000_000,
            Lie::AfterTheLastLook => self.look.unwrap_or(FIRST_LOOK - 60) + 1,
            Lie::Future => self.clock + 9_000,
        }
    }

    pub fn one(&self, which: usize, may_be_still: bool) -> Option<usize> {
        let all: Vec<usize> = self
            .there
            .keys()
            .copied()
            .filter(|uid| may_be_still || !self.still.contains(uid))
            .filter(|uid| !self.phantoms.contains(uid) && !self.recreated.contains(uid))
            .collect();
        (!all.is_empty()).then(|| all[which % all.len()])
    }

    pub fn add(&mut self, event: Event) -> usize {
        self.next += 1;
        self.there.insert(self.next, event);
        self.next
    }

    pub fn act(&mut self, action: &Action) {
        self.clock += self.tick;
        match *action {
            Action::Appear { start, length, lie } => {
                let created = self.said(lie);
                let owner = self.next + 1;
                let end = start + length;
                self.add(Event { owner, start, end, created, modified: None });
            }
            Action::Move { which, start, length, lie } => {
                let modified = Some(self.said(lie));
                let Some(uid) = self.one(which, false) else { return };
                let event = self.there.get_mut(&uid).unwrap();
                *event = Event { start, end: start + length, modified, ..event.clone() };
            }
            Action::Forge { which, lie } => {
                let created = self.said(lie);
                let Some(uid) = self.one(which, true) else { return };
                self.there.get_mut(&uid).unwrap().created = created;
            }
            Action::Vanish { which } => {
                let Some(uid) = self.one(which, true) else { return };
                let event = self.there.remove(&uid).unwrap();
                self.vanished.insert(uid, (event, self.looks.len()));
            }
            Action::Return { which, lie } => {
                let created = self.said(lie);
                let all: Vec<usize> = self.vanished.keys().copied().collect();
                if all.is_empty() {
                    return;
                }
                let uid = all[which % all.len()];
                let (event, looks) = self.vanished.remove(&uid).unwrap();
                let created = if looks < self.looks.len() { created } else { event.created };
                self.there.insert(uid, Event { created, ..event });
            }
            Action::Phantom { which } => {
                let Some(uid) = self.one(which, true) else { return };
                self.phantoms.insert(uid);
            }
            Action::Recreate { which, lie } => {
                let created = self.said(lie);
                let Some(uid) = self.one(which, false) else { return };
                let event = self.there.get_mut(&uid).unwrap();
                *event = Event { created, modified: None, ..event.clone() };
                self.ended.insert(event.owner, self.looks.len());
                self.recreated.insert(uid);
            }
            Action::Split { which, lie } => self.split(which, lie),
            Action::Remove { which } => self.remove(which),
            Action::Restore { which } => self.restore(which),
            Action::Write { start, length } => {
                let (owner, created) = (self.next + 1, self.clock);
                let event = Event { owner, start, end: start + length, created, modified: None };
                let uid = self.add(event.clone());
                let sight = self.write();
                let claims = with(uid, &event, |it| {
                    first_claims(
                        it,
                        sight,
                        &Owners::default(),
                        &[],
                        &mut zones(),
                        &Policy::default(),
                    )
                });
                self.claims.insert(uid, claims);
                self.seen.insert(uid, event);
            }
        }
    }

    pub fn write(&self) -> Sight {
        Sight::Written { at: Moment(self.clock), unseen_look: self.looks.len() as i64 }
    }

    /// Only of what the program has seen as it is: another is just one that moves and one that is new.
    pub fn split(&mut self, which: usize, lie: Lie) {
        let created = self.said(lie);
        let Some(uid) = self.one(which, false) else { return };
        let event = self.there[&uid].clone();
        if event.end - event.start < 2 || self.seen.get(&uid) != Some(&event) {
            return;
        }
        let middle = event.start + 1;
        self.there.get_mut(&uid).unwrap().end = middle;
        let second = self.add(Event { start: middle, created, modified: None, ..event });
        self.still.extend([uid, second]);
    }

    pub fn remove(&mut self, which: usize) {
        let Some(uid) = self.one(which, false) else { return };
        if self.seen.get(&uid) == self.there.get(&uid) {
            let event = self.there.remove(&uid).unwrap();
            self.seen.remove(&uid);
            let others = self.there.iter().filter(|it| *it.0 != uid);
            let others = others.map(|(_, it)| (it.start, it.end)).collect();
            self.removed.insert(uid, (event, others));
        }
    }

    pub fn restore(&mut self, which: usize) {
        let all: Vec<usize> = self.removed.keys().copied().collect();
        if all.is_empty() {
            return;
        }
        let uid = all[which % all.len()];
        let (event, mut others) = self.removed.remove(&uid).unwrap();
        others.extend(self.there.values().map(|it| (it.start, it.end)));
        if others.iter().any(|it| it.0 < event.end && event.start < it.1) {
            self.ended.insert(event.owner, self.looks.len());
        }
        let hour = |it: i64| Moment(DAY + it * 3_600);
        let others: Vec<_> = others.iter().map(|it| (hour(it.0), hour(it.1))).collect();
        let sight = self.write();
        let claims = with(uid, &event, |it| {
            let policy = Policy::default();
            restored_claims(&self.claims[&uid], None, it, &others, sight, &mut zones(), &policy)
        });
        self.claims.insert(uid, claims);
        self.seen.insert(uid, event.clone());
        self.there.insert(uid, event);
    }

    pub fn look(&mut self, round: &Round, backwards: bool) {
        self.clock += round.pause;
        let begun = self.clock;
        let mut unseen: BTreeMap<usize, Event> = self.there.clone();
        for (action, is_seen) in &round.during {
            // What the program does itself it does not do in the midst of a look.
            let is_ours = matches!(
                action,
                Action::Remove { .. } | Action::Restore { .. } | Action::Write { .. }
            );
            // And what is split or replaced is seen in one piece.
            let is_double = matches!(action, Action::Split { .. } | Action::Recreate { .. });
            if is_ours || is_double {
                continue;
            }
            self.act(action);
            if *is_seen {
                unseen = self.there.clone();
            }
        }
        self.clock += round.length;
        let saw = Moment(self.clock);
        let sight = match self.look {
            None => Sight::First(saw),
            Some(look) => {
                Sight::Look { unseen: Moment(look), unseen_look: self.looks.len() as i64, saw }
            }
        };
        self.take_in(&unseen, sight, backwards);
        self.look = Some(begun);
        let mut held: BTreeMap<usize, BTreeSet<i64>> = BTreeMap::new();
        for event in unseen.values() {
            held.entry(event.owner).or_default().extend(event.start..event.end);
            for (_, others) in self.removed.values_mut() {
                others.push((event.start, event.end));
            }
        }
        self.looks.push(held);
    }

    /// What the program makes of a listing.
    pub fn take_in(&mut self, listed: &BTreeMap<usize, Event>, sight: Sight, backwards: bool) {
        let policy = Policy::default();
        let now = sight.moment();
        let mut gone = Vec::new();
        for (uid, before) in &self.seen {
            // A deletion that is reported and not confirmed ends nothing; what one of the same owner
            // makes of it meanwhile, such as the second half of a series, is as old all the same.
            let after = listed.get(uid).filter(|_| !self.phantoms.contains(uid));
            if after == Some(before) {
                continue;
            }
            let (owners, parts) = with(*uid, before, |held| {
                let claims = &self.claims[uid];
                let parts = match after {
                    None => given_up(claims, held, None, now, &mut zones(), &policy),
                    Some(after) => with(*uid, after, |after| {
                        given_up(claims, held, Some(after), now, &mut zones(), &policy)
                    }),
                };
                (Owners::of(held, None, &policy), parts)
            });
            let text = alone(*uid, before).into_bytes();
            gone.push(GivenUp { owners, parts, text });
        }
        if backwards {
            gone.reverse();
        }
        let mut changes: Vec<(&usize, &Event)> = listed.iter().collect();
        if backwards {
            changes.reverse();
        }
        for (uid, event) in changes {
            let before = self.seen.get(uid).filter(|_| !self.recreated.contains(uid));
            let claims = with(*uid, event, |it| match before {
                None => {
                    let owners = Owners::of(it, None, &policy);
                    let gone = if self.recreated.contains(uid) { &[] } else { &gone[..] };
                    first_claims(it, sight, &owners, gone, &mut zones(), &policy)
                }
                Some(before) => with(*uid, before, |before| {
                    let claims = &self.claims[uid];
                    renewed_claims(claims, before, it, sight, &mut zones(), &policy)
                }),
            });
            self.claims.insert(*uid, claims);
        }
        self.seen = listed.clone();
        self.phantoms.clear();
        self.recreated.clear();
    }

    /// Since which look an owner has held all of these hours, without a look that did not see it.
    pub fn since(&self, owner: usize, start: i64, end: i64) -> usize {
        let holds = |look: &BTreeMap<usize, BTreeSet<i64>>| {
            look.get(&owner).is_some_and(|held| (start..end).all(|it| held.contains(&it)))
        };
        let seen = self.looks.iter().rev().take_while(|look| holds(look)).count();
        let ended = self.ended.get(&owner).copied().unwrap_or(0);
        (self.looks.len() - seen).max(ended)
    }

    /// Nobody who held an hour at an earlier look loses it to somebody who did not; and it is witnessed
    /// where, and only where, the looks or the program's own writes say so.
    pub fn check(&self) -> Result<(), TestCaseError> {
        let uids: Vec<usize> = self.seen.keys().copied().collect();
        let texts: String = self.seen.iter().map(|(uid, event)| event.text(*uid)).collect();
        let text = format!("BEGIN:VCALENDAR\r\n{texts}END:VCALENDAR\r\n");
        let calendar = Calendar::parse(text.as_bytes()).unwrap();
        let claims = self.claims.iter().map(|(uid, it)| (format!("uid-{uid}"), it.clone()));
        let memory = Memory { claims: claims.collect(), ..Memory::default() };
        let now = Moment(self.clock);
        let plan = plan(&calendar, &mut zones(), &Policy::default(), &memory, now);
        for removal in &plan.removals {
            let loser = &self.seen[&uids[removal.loser.object]];
            let winner = &self.seen[&uids[removal.winner.object]];
            if loser.owner == winner.owner {
                continue;
            }
            let lost = self.since(loser.owner, loser.start, loser.end);
            let won = self.since(winner.owner, winner.start, winner.end);
            prop_assert!(won <= lost, "{:?} lost to {:?}: {:?}", loser, winner, self.claims);
            if won < lost && won < self.looks.len() {
                prop_assert!(removal.because.unwrap().witnessed, "{:?}", removal);
            }
        }
        Ok(())
    }
}
