//! What operations say, in English: as they word it, but for what names commands of the command line.

use operations::Sentence;

/// A sentence in English, for people who have a browser before them.
pub fn sentence(sentence: Sentence) -> &'static str {
    match sentence {
        Sentence::ChangedSince => {
            "the event was changed by somebody else since; putting it back would write over that. \
             Below it stands as it was"
        }
        Sentence::DateGone => {
            "the series was changed since and no longer has this date, so it cannot be restored. Below it \
             stands as it was"
        }
        Sentence::NoCalendarListed => "there is no calendar {}",
        Sentence::NotFetchedYet => "its events have not been fetched yet; the next run does that",
        Sentence::OtherZone => {
            "the server has {} as its time zone, and here it is {}; set it in the settings"
        }
        Sentence::PasswordRefused => {
            "{} does not accept the password of {}; it is not tried again until it is set anew under \
             Calendar servers (on Nextcloud with an app password)"
        }
        Sentence::PasswordUnreadable => {
            "{}; restore it, or enter the password of the account again under Calendar servers"
        }
        Sentence::MessageIsGathered => "message {} waits for the next one about the series",
        Sentence::MessageIsJoined => "message {} went with another one",
        Sentence::SavedMeanwhile => {
            "Somebody has saved other values since you opened this page. Yours stand below and are not \
             saved yet; saving again writes over the others. The history of settings says what was \
             changed."
        }
        Sentence::TooOldToSend => {
            "it could not be sent for 7 days; “Try again” sends it all the same"
        }
        sentence => sentence.english(),
    }
}
