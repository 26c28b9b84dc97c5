//! Why iCalendar cannot be read, as messages. In English they are the words of the engine.

use ical::{Problem, Unreadable, ZoneProblem, limits};

use crate::message::{Message, MessageId};

/// The message for what cannot be read or expanded.
pub fn unreadable(why: &Unreadable) -> Message {
    match why {
        Unreadable::Missing { property } => MessageId::unreadable_missing(property),
        Unreadable::Property { property, value, problem } => {
            MessageId::unreadable_property(property, value, problem_of(*problem))
        }
        Unreadable::Unfinished => MessageId::UnreadableUnfinished.into(),
        Unreadable::LineTooLong { property } => {
            MessageId::unreadable_line_too_long(property, limits::MAX_LINE_BYTES)
        }
        Unreadable::UidTooLong => MessageId::unreadable_uid_too_long(limits::MAX_UID_BYTES),
        Unreadable::TooManyLines => {
            MessageId::unreadable_too_many_lines(limits::MAX_LINES_PER_COMPONENT)
        }
        Unreadable::TooManyComponents => {
            MessageId::unreadable_too_many_components(limits::MAX_COMPONENTS_PER_OBJECT)
        }
        Unreadable::TooManyDates => {
            MessageId::unreadable_too_many_dates(limits::MAX_DATES_PER_COMPONENT)
        }
        Unreadable::TooManyRules => {
            MessageId::unreadable_too_many_rules(limits::MAX_RULES_PER_COMPONENT)
        }
        Unreadable::TooManyOccurrences => {
            MessageId::unreadable_too_many_occurrences(limits::MAX_OCCURRENCES_PER_OBJECT)
        }
        Unreadable::CalendarTooManyOccurrences => {
            let most = limits::MAX_OCCURRENCES_PER_CALENDAR;
            MessageId::unreadable_calendar_too_many_occurrences(most)
        }
        Unreadable::TooManySteps => {
            MessageId::unreadable_too_many_steps(limits::MAX_STEPS_PER_OBJECT)
        }
        Unreadable::CalendarTooManySteps => {
            MessageId::unreadable_calendar_too_many_steps(limits::MAX_STEPS_PER_CALENDAR)
        }
        Unreadable::ZoneTooLarge => MessageId::unreadable_zone_too_large(
            limits::MAX_VTIMEZONE_BYTES,
            limits::MAX_TRANSITIONS,
            limits::MAX_STEPS_PER_ZONE,
        ),
        Unreadable::UnknownZone { tzid } => MessageId::unreadable_zone_unknown(tzid),
        Unreadable::BrokenZone { tzid, problem } => {
            MessageId::unreadable_zone_broken(tzid, problem_of_zone(*problem))
        }
        Unreadable::TooManyZones => MessageId::unreadable_too_many_zones(limits::MAX_CUSTOM_ZONES),
    }
}

/// The same, without what stands in the object: for those who may not read it.
pub fn unreadable_without_value(why: &Unreadable) -> Message {
    match why {
        Unreadable::Property { property, problem, .. } => {
            MessageId::unreadable_property_hidden(property, problem_of(*problem))
        }
        Unreadable::UnknownZone { .. } => MessageId::UnreadableZoneUnknownHidden.into(),
        Unreadable::BrokenZone { problem, .. } => {
            MessageId::unreadable_zone_broken_hidden(problem_of_zone(*problem))
        }
        other => unreadable(other),
    }
}

/// What is wrong with a value or a rule, as the end of a sentence.
pub fn problem_of(problem: Problem) -> MessageId {
    match problem {
        Problem::NoDate => MessageId::ProblemNoDate,
        Problem::NoDay => MessageId::ProblemNoDay,
        Problem::NoSeparator => MessageId::ProblemNoSeparator,
        Problem::OtherEnd => MessageId::ProblemOtherEnd,
        Problem::NoTime => MessageId::ProblemNoTime,
        Problem::NoDigits => MessageId::ProblemNoDigits,
        Problem::NoDuration => MessageId::ProblemNoDuration,
        Problem::NoOffset => MessageId::ProblemNoOffset,
        Problem::NoValue => MessageId::ProblemNoValue,
        Problem::NoPeriod => MessageId::ProblemNoPeriod,
        Problem::PartWithoutValue => MessageId::ProblemPartWithoutValue,
        Problem::SkipWithoutRscale => MessageId::ProblemSkipWithoutRscale,
        Problem::NoFrequency => MessageId::ProblemNoFrequency,
        Problem::IntervalNoNumber => MessageId::ProblemIntervalNoNumber,
        Problem::IntervalZero => MessageId::ProblemIntervalZero,
        Problem::CountNoNumber => MessageId::ProblemCountNoNumber,
        Problem::CountZero => MessageId::ProblemCountZero,
        Problem::UntilNoDate => MessageId::ProblemUntilNoDate,
        Problem::WeekStart => MessageId::ProblemWeekStart,
        Problem::ByMonth => MessageId::ProblemByMonth,
        Problem::ByMonthDay => MessageId::ProblemByMonthDay,
        Problem::ByYearDay => MessageId::ProblemByYearDay,
        Problem::ByWeekNo => MessageId::ProblemByWeekNo,
        Problem::ByHour => MessageId::ProblemByHour,
        Problem::ByMinute => MessageId::ProblemByMinute,
        Problem::BySecond => MessageId::ProblemBySecond,
        Problem::BySetPos => MessageId::ProblemBySetPos,
        Problem::ByDay => MessageId::ProblemByDay,
        Problem::OtherCalendar => MessageId::ProblemOtherCalendar,
        Problem::UnknownSkip => MessageId::ProblemUnknownSkip,
        Problem::PartTwice => MessageId::ProblemPartTwice,
        Problem::UnknownPart => MessageId::ProblemUnknownPart,
        Problem::UnknownFrequency => MessageId::ProblemUnknownFrequency,
        Problem::EmptyPart => MessageId::ProblemEmptyPart,
        Problem::Blanks => MessageId::ProblemBlanks,
        Problem::EndsBefore => MessageId::ProblemEndsBefore,
        Problem::CountAndUntil => MessageId::ProblemCountAndUntil,
        Problem::TimeOfAllDay => MessageId::ProblemTimeOfAllDay,
        Problem::WeekNoNotYearly => MessageId::ProblemWeekNoNotYearly,
        Problem::YearDayRefused => MessageId::ProblemYearDayRefused,
        Problem::MonthDayRefused => MessageId::ProblemMonthDayRefused,
        Problem::OrdinalRefused => MessageId::ProblemOrdinalRefused,
        Problem::SetPosAlone => MessageId::ProblemSetPosAlone,
        Problem::NotFollowed => MessageId::ProblemNotFollowed,
        Problem::NoInstance => MessageId::ProblemNoInstance,
    }
}

fn problem_of_zone(problem: ZoneProblem) -> MessageId {
    match problem {
        ZoneProblem::NoParts => MessageId::ZoneProblemNoParts,
        ZoneProblem::StartNoTime => MessageId::ZoneProblemStartNoTime,
        ZoneProblem::OffsetNoOffset => MessageId::ZoneProblemOffsetNoOffset,
        ZoneProblem::RuleNoRule => MessageId::ZoneProblemRuleNoRule,
        ZoneProblem::DateNoTime => MessageId::ZoneProblemDateNoTime,
        ZoneProblem::Incomplete => MessageId::ZoneProblemIncomplete,
    }
}
