//! Why the stronger of two events stays (rule 4), in words for tables.

use clearing::{Advantage, Because};
use ical::Zone;

use crate::show;

/// Why one of two events is the weaker one: the deciding rule, since when each has held its time,
/// and whether the program witnessed that.
pub fn because(zone: &Zone, because: &Because) -> String {
    let at = |moment| show::stamp(zone, moment);
    let (loser, winner) = (at(because.loser_since), at(because.winner_since));
    because_since(because.rule, &loser, &winner, because.witnessed)
}

/// The same with both moments.
pub fn because_since(rule: Advantage, loser: &str, winner: &str, witnessed: bool) -> String {
    let by = match (witnessed, rule) {
        (true, _) => ", an order that this program saw itself",
        // Where the order decides nothing, it does not matter who saw it; and it may have been seen the
        // other way round.
        (false, Advantage::Priority) => "",
        (false, _) => ", an order that this program did not see itself",
    };
    let since = format!("it has held its time since {loser}, the other since {winner}{by}");
    match rule {
        Advantage::Priority => format!("the other is prioritised; {since} (rule 4)"),
        Advantage::HeldSince => format!("{since} (rule 4)"),
        Advantage::Created => format!("it was created later; {since} (rule 4)"),
        Advantage::Uid => {
            format!("they are equally old, and the other's UID comes first; {since} (rule 4)")
        }
        Advantage::OriginalStart => {
            format!("nothing tells them apart but their original start; {since} (rule 4)")
        }
    }
}

#[cfg(test)]
mod tests {
    use ical::Moment;

    use super::*;

    #[test]
    fn every_rule_is_told_with_both_moments_and_who_saw_them() {
        for rule in Advantage::ALL {
            let unseen = match rule {
                Advantage::Priority => "",
                _ => ", an order that this program did not see itself",
            };
            for (witnessed, by) in
                [(true, ", an order that this program saw itself"), (false, unseen)]
            {
                let (winner_since, loser_since) = (Moment(0), Moment(86_400));
                let it = Because { rule, winner_since, loser_since, witnessed };
                let told = because(&Zone::utc(), &it);
                let since = "it has held its time since 2 Jan 1970, 00:00, the other since \
                             1 Jan 1970, 00:00";
                assert!(told.ends_with(&format!("{since}{by} (rule 4)")), "{told}");
            }
        }
    }
}
