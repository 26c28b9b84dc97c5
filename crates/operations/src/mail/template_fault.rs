//! What is wrong with a template, as messages. What the engine says in its own words stays as it is.

use mail::{Fault, Part, TemplateError, TemplateProblem, limits};

use crate::{Message, MessageId};

/// The message about an error of a template, with its part and its place.
pub(crate) fn template_error(error: &TemplateError) -> Message {
    let fault = template_fault(&error.fault);
    match error.part {
        Part::Subject => MessageId::template_in_subject(fault),
        Part::Text => MessageId::template_in_text(fault),
        Part::Html => MessageId::template_in_html(fault),
    }
}

/// The same without the part.
pub(crate) fn template_fault(fault: &Fault) -> Message {
    let problem = problem(&fault.reason);
    match (fault.line, fault.column) {
        (Some(line), Some(column)) => MessageId::template_at(line, column, problem),
        (Some(line), None) => MessageId::template_in_line(line, problem),
        (None, _) => problem,
    }
}

fn problem(problem: &TemplateProblem) -> Message {
    match problem {
        TemplateProblem::Quoted(words) => Message::quoted(words),
        TemplateProblem::Syntax(words) => MessageId::template_syntax(words),
        TemplateProblem::InvalidOperation(words) => MessageId::template_invalid_operation(words),
        TemplateProblem::UnknownMethod(words) => MessageId::template_unknown_method(words),
        TemplateProblem::UnknownName(name) => MessageId::template_unknown_name(name),
        TemplateProblem::UnknownNameNear(name, near) => {
            MessageId::template_unknown_name_near(name, near)
        }
        TemplateProblem::SomethingUnknown => MessageId::TemplateSomethingUnknown.into(),
        TemplateProblem::UnknownFilter(name) => MessageId::template_unknown_filter(name),
        TemplateProblem::UnknownTest(name) => MessageId::template_unknown_test(name),
        TemplateProblem::OutOfFuel => MessageId::TemplateOutOfFuel.into(),
        TemplateProblem::Late => MessageId::template_late(limits::MAX_SECONDS),
        TemplateProblem::SourceTooLong => MessageId::template_too_long(limits::MAX_SOURCE),
        TemplateProblem::TagTooLong => MessageId::template_tag_too_long(limits::MAX_TOKENS),
        TemplateProblem::TooManyBranches => {
            MessageId::template_too_many_branches(limits::MAX_BRANCHES)
        }
        TemplateProblem::TextTooLong(most) => MessageId::template_text_too_long(*most),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::german::english_words_in;

    #[test]
    fn the_english_message_says_what_the_log_says_and_the_german_one_no_english_word() {
        use TemplateProblem::{
            InvalidOperation, Late, OutOfFuel, Quoted, SomethingUnknown, SourceTooLong, Syntax,
            TagTooLong, TextTooLong, TooManyBranches, UnknownFilter, UnknownMethod, UnknownName,
            UnknownNameNear, UnknownTest,
        };
        let words = || "x \"y\"".to_owned();
        for problem in [
            Quoted(words()),
            Syntax(words()),
            InvalidOperation(words()),
            UnknownMethod(words()),
            UnknownName(words()),
            UnknownNameNear(words(), words()),
            SomethingUnknown,
            UnknownFilter(words()),
            UnknownTest(words()),
            OutOfFuel,
            Late,
            SourceTooLong,
            TagTooLong,
            TooManyBranches,
            TextTooLong(100_000),
        ] {
            for (line, column) in [(Some(3), Some(14)), (Some(3), None), (None, None)] {
                for part in [Part::Subject, Part::Text, Part::Html] {
                    let reason = problem.clone();
                    let fault = Fault { reason, line, column, is_late: false };
                    let error = TemplateError { part, fault, sample: None, is_passing: false };
                    let message = template_error(&error);
                    assert_eq!(message.to_string(), error.to_string());
                    assert_eq!(english_words_in(&message), [""; 0]);
                }
            }
        }
    }
}
