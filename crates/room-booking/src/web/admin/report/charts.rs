//! The charts of a report, as places in drawings of a fixed size: a bar for each room, and a square for each hour of the
//! week. The tables beside them have the same numbers.

use answers::usage::Week;

/// The width of a drawing; a phone shows it in about its own size.
pub const WIDTH: usize = 360;
/// Rooms with a bar; of more, the busiest and the emptiest.
const MAX_BARS: usize = 12;
/// The height of a bar with the name above it.
const BAR_STEP: usize = 32;
/// The longest name above a bar, in characters.
const MAX_NAME: usize = 40;

/// A bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The name of the room, shortened.
    pub name: String,
    /// The number at its end.
    pub value: String,
    /// Its length, and that of the part in another colour.
    pub length: usize,
    pub part: usize,
    /// Where the text and the bar lie.
    pub text_y: usize,
    pub y: usize,
}

/// A drawing of bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    pub bars: Vec<Bar>,
    pub height: usize,
    /// How many rooms between the busiest and the emptiest have no bar.
    pub left_out: usize,
}

/// The bars of rooms, each with its name, its value in words, its value, and the part of it that has another colour; the
/// longest first.
pub fn bars(mut rooms: Vec<(String, String, i64, i64)>) -> Bars {
    rooms.sort_by_key(|(_, _, value, _)| std::cmp::Reverse(*value));
    let left_out = rooms.len().saturating_sub(MAX_BARS);
    if left_out > 0 {
        rooms.drain(MAX_BARS / 2..MAX_BARS / 2 + left_out);
    }
    let longest = rooms.first().map_or(1, |(_, _, value, _)| (*value).max(1));
    let length = |value: i64| {
        usize::try_from(value.clamp(0, longest) * WIDTH as i64 / longest).unwrap_or_default()
    };
    let bar = |(index, (name, value, seconds, part)): (usize, (String, String, i64, i64))| {
        let name = match name.char_indices().nth(MAX_NAME) {
            Some((end, _)) => format!("{}…", &name[..end]),
            None => name,
        };
        let (text_y, y) = (index * BAR_STEP + 12, index * BAR_STEP + 17);
        Bar { name, value, length: length(seconds), part: length(part), text_y, y }
    };
    let bars: Vec<Bar> = rooms.into_iter().enumerate().map(bar).collect();
    Bars { height: bars.len() * BAR_STEP, bars, left_out }
}

/// How full an hour of the week is, in percent of the time that it has in all rooms.
pub fn percent(seconds: i64, of: i64) -> i64 {
    if of <= 0 { 0 } else { (seconds.max(0) * 100 + of / 2) / of }
}

/// A square of the map of hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Square {
    pub x: usize,
    pub y: usize,
    /// How strong its colour is, from 0 to 1: the fullest hour of the month is the strongest.
    pub opacity: String,
    /// The day, from Monday on, and the hour.
    pub day: usize,
    pub hour: usize,
    pub percent: i64,
}

/// Where the squares begin, behind the names of the days and below the hours.
pub const LEFT: usize = 36;
pub const TOP: usize = 16;
/// How strong the colour of an hour is that is hardly used.
const FAINTEST: f64 = 0.15;
/// The size of a square with the space around it.
pub const SIZE: usize = 13;

impl Square {
    /// Its hour, as a clock shows its beginning.
    pub fn clock(&self) -> String {
        format!("{}:00", self.hour)
    }
}

/// The map of the hours of a week.
pub fn squares(used: &Week, hours: &Week) -> Vec<Square> {
    let mut squares = Vec::with_capacity(7 * 24);
    let all = used.iter().flatten().zip(hours.iter().flatten());
    let fullest = all.map(|(used, of)| percent(*used, *of)).max().unwrap_or_default().max(1);
    for (day, (used, hours)) in used.iter().zip(hours).enumerate() {
        for (hour, (used, of)) in used.iter().zip(hours).enumerate() {
            let percent = percent(*used, *of);
            let share = percent as f64 / fullest as f64;
            let opacity = format!("{:.2}", FAINTEST + (1.0 - FAINTEST) * share);
            let (x, y) = (LEFT + hour * SIZE, TOP + day * SIZE);
            squares.push(Square { x, y, opacity, day, hour, percent });
        }
    }
    squares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_takes_the_width_and_the_others_their_part_of_it() {
        let room = |name: &str, value, part| (name.to_owned(), String::new(), value, part);
        let found = bars(vec![room("half", 50, 25), room("none", 0, 0), room("all", 100, 0)]);
        let lengths: Vec<_> =
            found.bars.iter().map(|it| (it.name.as_str(), it.length, it.part)).collect();
        assert_eq!(lengths, [("all", 360, 0), ("half", 180, 90), ("none", 0, 0)]);
        assert_eq!((found.height, found.left_out), (3 * BAR_STEP, 0));
        assert_eq!(bars(Vec::new()).bars, []);
        assert_eq!(bars(vec![room("none", 0, 0)]).bars[0].length, 0);
        let long = bars(vec![room(&"ä".repeat(60), 1, 0)]).bars.remove(0).name;
        assert_eq!(long, format!("{}…", "ä".repeat(MAX_NAME)));
    }

    #[test]
    fn of_many_rooms_the_busiest_and_the_emptiest_have_bars() {
        let rooms = (0..100).map(|it| (it.to_string(), String::new(), it, 0)).collect();
        let found = bars(rooms);
        let names: Vec<_> = found.bars.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["99", "98", "97", "96", "95", "94", "5", "4", "3", "2", "1", "0"]);
        assert_eq!(found.left_out, 88);
    }

    #[test]
    fn an_hour_is_as_strong_as_it_is_full_and_one_that_there_is_not_is_empty() {
        let (mut used, mut hours) = (Week::default(), [[3_600; 24]; 7]);
        used[6][23] = 900;
        used[0][0] = 1_800;
        hours[6][2] = 0;
        let squares = squares(&used, &hours);
        assert_eq!(squares.len(), 168);
        let last = &squares[167];
        assert_eq!((last.percent, last.opacity.as_str()), (25, "0.57"));
        assert_eq!((squares[0].percent, squares[0].opacity.as_str()), (50, "1.00"));
        assert_eq!((last.x + SIZE, last.y + SIZE), (348, 107), "within the drawing");
        assert_eq!(squares[6 * 24 + 2].percent, 0);
    }
}
