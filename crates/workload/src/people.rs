//! Who asked for a room and who comes: ORGANIZER and ATTENDEE lines.

use crate::random::Random;

/// Display names and addresses; some names need quotes, or the escapes of RFC 6868.
const PEOPLE: [(&str, &str); 12] = [
    ("Ada Nowak", "ada@example.org"),
    ("Grace Lindner", "grace@example.org"),
    ("Zoë Brandt", "zoë@example.org"),
    ("Jörg Weiß", "joerg.weiss@example.org"),
    ("Li Wei", "li.wei@example.net"),
    ("Siobhán O'Brien", "o'brien@example.com"),
    ("Émile Dupont", "emile.dupont@example.com"),
    ("Müller, Käthe (Einkauf)", "kaethe.mueller@example.org"),
    ("Vorstand; 2. OG", "board@leitung.example"),
    ("Geschäftsführung: Büro", "ceo@leitung.example"),
    ("Hans ^'Hansi^' Krüger", "h.krueger@example.org"),
    ("facilities", "Facilities@Example.Org"),
];

/// The ORGANIZER line of an object, whose room has this address.
pub(crate) fn organizer(random: &mut Random, room: &str) -> String {
    let (name, address) =
        if random.per_mille(20) { ("Meeting room", room) } else { random.pick(&PEOPLE) };
    let parameters = match random.between(0, 99) {
        0..=24 => String::new(),
        25..=27 => ";SCHEDULE-AGENT=NONE".to_owned(),
        28..=60 => format!(";CN=\"{name}\""),
        61..=64 => format!(";SENT-BY=\"mailto:office@example.org\"{}", cn(name)),
        _ => cn(name),
    };
    format!("ORGANIZER{parameters}:{}", calendar_address(random, address))
}

/// The ATTENDEE lines of the people who are asked to come.
pub(crate) fn guests(random: &mut Random) -> Vec<String> {
    let count = random.weighted(&[(38, 0), (24, 1), (18, 2), (10, 3), (7, 4), (3, 6)]);
    let first = random.between(0, 11);
    (first..first + count)
        .map(|index| {
            let index = usize::try_from(index).unwrap_or(0) % PEOPLE.len();
            let (name, address) = PEOPLE[index];
            let reply = random.pick(&["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"]);
            let role = random.weighted(&[(8, "REQ"), (2, "OPT")]);
            let name = if random.per_mille(700) { cn(name) } else { format!(";CN={address}") };
            let address = calendar_address(random, address);
            format!(
                "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE={role}-PARTICIPANT;PARTSTAT={reply};RSVP=TRUE\
                 {name}:{address}"
            )
        })
        .collect()
}

/// How the room itself stands among an object's attendees.
pub(crate) struct RoomSeat {
    before_reply: &'static str,
    after_reply: String,
}

impl RoomSeat {
    /// One of the ways in which clients list a room with this address.
    pub(crate) fn choose(random: &mut Random, room: &str) -> Self {
        let before_reply = random.weighted(&[
            (80, ";CUTYPE=ROOM"),
            (10, ";CUTYPE=RESOURCE"),
            (7, ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT"),
            (3, ""),
        ]);
        let after_reply = match random.between(0, 99) {
            0..=54 => format!(";CN=Room 1:mailto:{room}"),
            55..=79 => format!(";CN=\"Room 1, EG\":mailto:{}", capitalised(room)),
            80..=89 => format!(";RSVP=TRUE;CN={room}:MAILTO:{room}"),
            90..=95 => format!(";CN=Besprechungsraum Süd:{room}"),
            _ => {
                let part = random.text(12, b"0123456789abcdef");
                format!(";CN=Room 1;EMAIL={room}:urn:uuid:7c1e0d52-93a4-4e0b-8f65-{part}")
            }
        };
        Self { before_reply, after_reply }
    }

    /// The room's ATTENDEE line with this reply (PARTSTAT).
    pub(crate) fn line(&self, reply: &str) -> String {
        let (before, after) = (self.before_reply, &self.after_reply);
        format!("ATTENDEE{before};PARTSTAT={reply}{after}")
    }
}

/// What a room answers to an invitation.
pub(crate) fn reply_of_the_room(random: &mut Random) -> &'static str {
    random.weighted(&[(68, "ACCEPTED"), (18, "NEEDS-ACTION"), (10, "TENTATIVE"), (4, "DECLINED")])
}

/// The CN parameter, in quotes only where the name needs them.
fn cn(name: &str) -> String {
    if name.contains([',', ';', ':']) { format!(";CN=\"{name}\"") } else { format!(";CN={name}") }
}

/// An address as the value of a property: with the scheme in either case, seldom without.
fn calendar_address(random: &mut Random, address: &str) -> String {
    let scheme = random.weighted(&[(80, "mailto:"), (17, "MAILTO:"), (3, "")]);
    format!("{scheme}{address}")
}

/// The address with capitals at the beginning of its words, as some directories write it.
fn capitalised(address: &str) -> String {
    let mut at_start = true;
    address
        .chars()
        .map(|character| {
            let written = if at_start { character.to_ascii_uppercase() } else { character };
            at_start = !character.is_ascii_alphanumeric();
            written
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{PEOPLE, capitalised, cn};

    #[test]
    fn names_with_separators_stand_in_quotes_and_others_do_not() {
        assert_eq!(cn("Müller, Käthe"), ";CN=\"Müller, Käthe\"");
        assert_eq!(cn("Li Wei"), ";CN=Li Wei");
        assert!(PEOPLE.iter().all(|(name, _)| !name.contains('"')));
    }

    #[test]
    fn an_address_is_capitalised_at_each_word() {
        assert_eq!(capitalised("room-1@example.org"), "Room-1@Example.Org");
    }
}
