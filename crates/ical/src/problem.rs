//! What is wrong with a value, a rule or a definition of a time zone.

use std::fmt;

/// An enumeration of problems, each with its English words.
macro_rules! problems {
    ($(#[$about:meta])* $name:ident { $($variant:ident = $words:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $words, "`")] $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(match self {
                    $($name::$variant => $words,)+
                })
            }
        }
    };
}

problems! {
    /// What is wrong with the value of a property. In English it is the end of a sentence that begins with the
    /// value, or with "the rule".
    Problem {
        NoDate = "is no date (20260302) and no date-time (20260302T120000)",
        NoDay = "is no day of the calendar",
        NoSeparator = "has no T between date and time",
        OtherEnd = "ends in something other than Z",
        NoTime = "is no time of the day",
        NoDigits = "has something other than digits in it",
        NoDuration = "is no duration (PT1H30M, P1D)",
        NoOffset = "is no offset from UTC (+0100)",
        NoValue = "has no value",
        NoPeriod = "is no period",
        PartWithoutValue = "has a part without a value",
        SkipWithoutRscale = "has a SKIP without an RSCALE",
        NoFrequency = "has no FREQ",
        IntervalNoNumber = "has an INTERVAL that is no number",
        IntervalZero = "has an INTERVAL of 0",
        CountNoNumber = "has a COUNT that is no number",
        CountZero = "has a COUNT of 0",
        UntilNoDate = "has an UNTIL that is no date",
        WeekStart = "has a WKST that is no weekday",
        ByMonth = "has a BYMONTH that is not between 1 and 12",
        ByMonthDay = "has a BYMONTHDAY that is not between 1 and 31 or -31 and -1",
        ByYearDay = "has a BYYEARDAY that is not between 1 and 366 or -366 and -1",
        ByWeekNo = "has a BYWEEKNO that is not between 1 and 53 or -53 and -1",
        ByHour = "has a BYHOUR that is not between 0 and 23",
        ByMinute = "has a BYMINUTE that is not between 0 and 59",
        BySecond = "has a BYSECOND that is not between 0 and 60",
        BySetPos = "has a BYSETPOS that is not between 1 and 366 or -366 and -1",
        ByDay = "has a BYDAY that is no weekday (MO, 1MO, -1SU)",
        OtherCalendar = "counts in a calendar other than the Gregorian (RSCALE)",
        UnknownSkip = "has a SKIP that RFC 7529 does not know",
        PartTwice = "has a part twice",
        UnknownPart = "has a part that RFC 5545 does not know",
        UnknownFrequency = "has a FREQ that RFC 5545 does not know",
        EmptyPart = "has an empty part",
        Blanks = "has blanks in a part",
        EndsBefore = "ends before the event begins",
        CountAndUntil = "has COUNT beside UNTIL",
        TimeOfAllDay = "has BYHOUR, BYMINUTE or BYSECOND in an all-day series",
        WeekNoNotYearly = "has a BYWEEKNO, which is for FREQ=YEARLY only",
        YearDayRefused = "has a BYYEARDAY, which FREQ=DAILY, WEEKLY and MONTHLY cannot have",
        MonthDayRefused = "has a BYMONTHDAY, which FREQ=WEEKLY cannot have",
        OrdinalRefused = "has a BYDAY with a number, which is for FREQ=MONTHLY and YEARLY without BYWEEKNO only",
        SetPosAlone = "has a BYSETPOS without another part that begins with BY",
        NotFollowed = "cannot be followed as far as its first instance",
        NoInstance = "gives no instance",
    }
}

problems! {
    /// What is wrong with a VTIMEZONE that does not define the offsets of its clocks. In English it is a sentence
    /// without its full stop.
    ZoneProblem {
        NoParts = "it has no STANDARD and no DAYLIGHT part",
        StartNoTime = "a part has a DTSTART that is no time",
        OffsetNoOffset = "a part has a TZOFFSETFROM or TZOFFSETTO that is no offset",
        RuleNoRule = "a part has an RRULE that is no recurrence rule",
        DateNoTime = "a part has an RDATE that is no time",
        Incomplete = "a part has no DTSTART, no TZOFFSETFROM or no TZOFFSETTO",
    }
}
