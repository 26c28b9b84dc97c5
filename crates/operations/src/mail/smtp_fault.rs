//! What went wrong between the program and a mail server, as a message.

use mail::{AddressOf, AuthoritiesFault, EmailError, SmtpFault};

use crate::{Message, MessageId};

/// The message about a fault. What the server itself said is quoted.
pub(crate) fn smtp_fault(fault: &SmtpFault) -> Message {
    match fault {
        SmtpFault::Quoted(words) => Message::quoted(words),
        SmtpFault::NotConnected { server, fault } => {
            MessageId::smtp_not_connected(server, smtp_fault(fault))
        }
        SmtpFault::NoAnswer { seconds } => MessageId::smtp_no_answer(*seconds),
        SmtpFault::NoAnswerToMessage { seconds } => MessageId::smtp_no_answer_to_message(*seconds),
        SmtpFault::HostIsNoName => MessageId::SmtpHostIsNoName.into(),
        SmtpFault::CaFile { file, fault } => {
            MessageId::smtp_ca_file(file.display(), authorities_fault(fault))
        }
        SmtpFault::NoStartTls => MessageId::SmtpNoStarttls.into(),
        SmtpFault::NoSignIn => MessageId::SmtpNoSignIn.into(),
        SmtpFault::NoUtf8Addresses => MessageId::SmtpNoUtf8Addresses.into(),
        SmtpFault::NoCopy { address, fault } => MessageId::smtp_no_copy(address, smtp_fault(fault)),
        SmtpFault::NoCopyLeft => MessageId::SmtpNoCopyLeft.into(),
    }
}

fn authorities_fault(fault: &AuthoritiesFault) -> Message {
    match fault {
        AuthoritiesFault::Quoted(words) => Message::quoted(words),
        AuthoritiesFault::Empty => MessageId::SmtpCaFileEmpty.into(),
        AuthoritiesFault::Unusable(words) => MessageId::smtp_ca_file_unusable(words),
    }
}

/// The message about an address that no email can be made with.
pub(crate) fn email_error(EmailError { of, address }: &EmailError) -> Message {
    match of {
        AddressOf::Sender => MessageId::sender_no_address(address),
        AddressOf::Recipient => MessageId::recipient_no_address(address),
        AddressOf::BlindCopy => MessageId::blind_copy_no_address(address),
        AddressOf::Reply => MessageId::reply_no_address(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_english_message_about_a_fault_says_what_the_log_says() {
        let quoted = || Box::new(SmtpFault::quoted("550 5.1.1 no such mailbox"));
        let ca_file = |fault| SmtpFault::CaFile { file: "/etc/ca.pem".into(), fault };
        let no_answer = Box::new(SmtpFault::NoAnswer { seconds: 30 });
        for fault in [
            *quoted(),
            SmtpFault::NotConnected { server: "mail.example.org:465".to_owned(), fault: no_answer },
            SmtpFault::NoAnswerToMessage { seconds: 120 },
            SmtpFault::HostIsNoName,
            ca_file(AuthoritiesFault::Empty),
            ca_file(AuthoritiesFault::Quoted("Permission denied".to_owned())),
            ca_file(AuthoritiesFault::Unusable("BadEncoding".to_owned())),
            SmtpFault::NoStartTls,
            SmtpFault::NoSignIn,
            SmtpFault::NoUtf8Addresses,
            SmtpFault::NoCopy { address: "a@example.org".to_owned(), fault: quoted() },
            SmtpFault::NoCopyLeft,
        ] {
            assert_eq!(smtp_fault(&fault).to_string(), fault.to_string());
        }
    }

    #[test]
    fn the_message_about_an_address_says_what_the_log_says_and_is_german_for_a_german_reader() {
        use AddressOf::*;
        for of in [Sender, Recipient, BlindCopy, Reply] {
            let error = EmailError { of, address: "a@b@c".to_owned() };
            assert_eq!(email_error(&error).to_string(), error.to_string());
            assert_eq!(crate::german::english_words_in(&email_error(&error)), [""; 0]);
        }
    }
}
