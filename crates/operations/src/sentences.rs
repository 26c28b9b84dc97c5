//! All sentences that operations say to people, in English, which the API and the command line print.
//!
//! The site says them in its reader's language; a sentence that a language lacks does not compile there.

/// Declares the sentences: what each is called, and what it says.
macro_rules! sentences {
    ($($(#[$about:meta])* $name:ident = $english:literal;)*) => {
        /// What operations say to people. Where a sentence has `{}`, a value is put in, in their order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Sentence {
            $($(#[$about])* #[doc = $english] $name,)*
        }

        impl Sentence {
            /// All sentences.
            pub const ALL: &[Sentence] = &[$(Sentence::$name),*];

            /// What it says in English.
            pub const fn english(self) -> &'static str {
                match self {
                    $(Sentence::$name => $english,)*
                }
            }
        }
    };
}

sentences! {
    /// What another layer has worded: errors of the protocols, of iCalendar and of the template engine, a
    /// server's own words, and what the site or the API word themselves. It is the same in every language,
    /// because people search for it.
    ///
    Quoted = "{}";

    // --- What is wrong with a value, behind its name --------------------------------------------
    AddressForm = "must be a mail address such as ann@example.org";
    CursorForm = "is no `next` of an earlier answer";
    DateAndTime = "must be a date if the start is one, and a date-time if the start is one";
    DaysBetween = "must be {} to {} days";
    DescriptionControls = "must not hold control characters but line breaks and tabs";
    DescriptionTooLong = "must have at most 8,000 characters";
    EndAfterStart = "must be after the start";
    EndDayAfterStart = "must be after the start; an event of one day ends on the day after";
    EndTooLate = "must be at most 366 days after the start";
    EventNameControls = "must not hold control characters, such as line breaks";
    EventNameTooLong = "must have at most 255 characters";
    EventsBetween = "must be {} to {} events";
    ExpiryPast = "must be in the future";
    ImportOnServer = "is on a calendar server: import the file there";
    MinutesBetween = "must be {} to {} minutes";
    MustNotBeEmpty = "must not be empty";
    NameForm = "must have 1 to 100 characters, none of them a control";
    NothingToFetch = "is built in: there is nothing to fetch";
    ObjectsBetween = "must be {} to {} objects";
    PasswordTooLong = "must have at most 1,000 bytes";
    PasswordTooShort = "must have at least {} characters";
    PresentPasswordWrong = "is not your present password";
    PriorityForm = "must be a mail address, or a domain such as @example.org";
    RequestKeyLength = "must have 1 to 255 characters";
    RequestKeyUsed = "was used for another request in the last 24 hours";
    RightsMissing = "must be at least one";
    RuleControls = "must not hold control characters";
    RuleTooFar = "cannot be expanded as far as the horizon: {}";
    RuleTooLong = "must have at most 500 characters";
    RuleWrong = "{} (RFC 5545 section 3.3.10)";
    SlugForm = "must be 1 to 63 of a-z, 0-9 and -, and not begin with -, such as meeting-room-1";
    SlugReserved = "must be none of {}";
    SlugTaken = "is another calendar's already, or the calendar on the server stands behind another one";
    StandsBehind = "stands behind the calendar {} already";
    TemplateFaultOnSample = "{} (on the sample {})";
    TemplateNameBrought = "is that of a template that the program brings; save it under another";
    TemplateGone = "was deleted meanwhile; choose another";
    TemplateNameTaken = "is another template's already";
    RepeatedTime = "this local time occurs twice on that day, because the clocks go back; a series takes place at the first of the two";
    SkippedTime = "this local time does not exist on that day, because the clocks go forward; the first date of a series must have times that exist";
    PriorityWords = "must have a letter or a digit";
    TimeForm = "must be a date-time such as 2026-03-02T12:00:00+01:00 or 2026-03-02T12:00, or, for an all-day event, a date such as 2026-03-02";
    UserNameTaken = "is another user's already";
    YearsBetween = "must lie between the years 1970 and 2200";
    ZoneForm = "must be an IANA time zone such as Europe/Berlin";

    EntryOfOtherCalendar = "must name entries of the calendars to be cleared only";

    // --- What is not there ----------------------------------------------------------------------
    LinkOver = "the link is not good, or was used, or its time is over";
    NoAccount = "there is no server account {}";
    NoCalendar = "there is no calendar {}";
    NoCalendarListed = "there is no calendar {}; `room-booking calendar list` shows them";
    NoCalendarOfYours = "there is no calendar {} that you may use";
    NoEvent = "calendar {} holds no event with the id {}";
    NoHistoryLine = "the history has no line {}";
    NoKey = "there is no key {} that is not revoked";
    NoMessage = "the outbox has no message {}";
    NoSample = "there is no sample {}; there are {}";
    NoTemplate = "there is no template {}";
    NoToken = "there is no priority token {}";
    NoTokenBinding = "there is no token binding {}";
    NoUser = "there is no such user";
    NoUserNamed = "there is no user {}";
    NotAssigned = "calendar {} is not assigned to {}";
    NameNotPrioritised = "{}: no name {} is prioritised";
    NotProtected = "{}: no event {} is protected";
    OrganizerNotPrioritised = "{}: no organizer {} is prioritised";
    UidNotPrioritised = "{}: no uid {} is prioritised";
    AllCalendars = "all calendars";

    // --- Why an entry is not done ---------------------------------------------------------------
    EntryChanged = "the event, what it overlaps, or a setting has changed since";

    // --- What cannot be changed ------------------------------------------------------------------
    CannotChange = "the event cannot be changed: {}";
    NoOccurrence = "the event {} has no occurrence at that start";
    NothingToChange = "must have at least one of name, start, end, description";
    OthersWouldChange = "this change cannot be written without changing other occurrences of the series; change the whole series, or cancel this occurrence and book a new event";
    OnlyOrganizer = "Only the organizer can change this event";
    OtherVersion = "the event has changed since: read it again";
    SeriesKeepsKind = "must be a date for a series of whole days, and a date-time for any other series";
    StartOffRule = "must be a time at which the rule of the series gives an occurrence";

    // --- What the caller may not do -------------------------------------------------------------
    ConfirmAdministrators = "only an administrator can lift the safety limit; nothing was cleared";
    PrivateEvent = "the event is private: its iCalendar object is for its organizer, its author and administrators";

    // --- What is not as it would have to be -----------------------------------------------------
    AccountUsed = "calendars are on the account, so it stays";
    BindingHoldsNothing = "the event does not take the room at any time from now on, so there is nothing to bind the token to";
    ChangedAllTheWhile = "the event is changed by others all the while; try again";
    ChangedMeanwhile = "it was changed meanwhile";
    ChangedSince = "the event was changed by somebody else since; putting it back would write over that. `history show --ics` prints it as it was";
    DateGone = "the series was changed since and no longer has this date, so it cannot be restored. `history show --ics` prints the series as it was";
    DateTakesPlace = "the series was changed since, and this date takes place in it: there is nothing to restore";
    EarlierChangeUnknown = "an earlier change of this event is in doubt: the calendar server has not answered and may still carry it out; this is known after 16 minutes at most, try again then";
    GoneAgain = "the event is gone again";
    LastAdministrator = "no administrator would be left; make somebody else one first";
    MessageDoesNotGo = "message {} does not go: {}";
    MessageIs = "message {} is {}";
    MessageIsBeingSent = "message {} is being sent";
    MessageIsDiscarded = "message {} is discarded";
    MessageIsGathered = "message {} is gathered";
    MessageIsJoined = "message {} is joined";
    MessageIsSent = "message {} is sent";
    NoMailServer = "there is no mail server; set SMTP_SERVER and SMTP_EMAIL";
    NotKeptOut = "what was removed later cannot be kept out: {}";
    NothingWouldRemain = "nothing would remain of it";
    OtherEventsInObject = "other events stand in the same calendar object resource";
    PutBackAlready = "it was put back already";
    RemovedLater = "the whole event was removed or replaced later; put back line {} of the history first";
    SameIdThere = "another event with the same id is in the calendar by now";
    SavedMeanwhile = "somebody else has saved other values meanwhile";
    TemplateBrought = "the program brings it, so it stays";
    TemplateUsed = "calendars have it: {}";
    TokenHasNoUseLeft = "the priority token {} is used up by other events; remove one of its bindings first, or make another token";
    UserNotActive = "the user is not active, so no link would work; make the user active first";
    RoomTaken = "the room is taken at that time";

    // --- What takes too long --------------------------------------------------------------------
    FirstFetch = "the calendar is being fetched for the first time: {} of {} objects are here; try again later";
    FirstFetchBegun = "the calendar is being fetched for the first time; try again later";
    HeldByAnotherRun = "another run has held the calendar for {} seconds; try again later";
    LeaseLost = "the calendar was held for too long without a sign of life, and may be another run's by now; what was not done yet is left to the next run";
    OthersBook = "others have been booking in the calendar for a minute; try again";
    OthersFetch = "other servers are bringing the calendar up to date; try again";

    // --- What a calendar's server does not do ---------------------------------------------------
    Answered403 = "it answered 403 Forbidden";
    Answered403With = "403: {}";
    CalendarAddressWrong = "the calendar's address is not a valid one: {}";
    CalendarGone = "there is no calendar at {} any more; look whether it was moved or deleted, or is no longer shared with {}";
    CalendarTrashed = "the calendar was deleted on the server and is in its trash bin; restore it there, or remove the calendar {} here";
    HiddenBeside = "the event that has the room is one of which the server shows this account only a part (CLASS:CONFIDENTIAL); let the owner of the calendar sign in";
    HiddenPart = "the server shows this account only a part of it (CLASS:CONFIDENTIAL); let the owner of the calendar sign in";
    NoneGivenAway = "the server gives none of {} events away: {}";
    OfHost = "{}: {}";
    PasswordNotKept = "it was tried and not kept: {}";
    PasswordRefused = "{} does not accept the password of {}; it is not tried again until it is set anew: room-booking account set {} --password-stdin (on Nextcloud with an app password)";
    PasswordUnreadable = "{}; restore it, or enter the password of account {} again: room-booking account set {} --password-stdin";
    ServerRefused = "the calendar's server refused it: {}";
    SignInRefused = "{} does not accept the user name {} with this password; on Nextcloud use an app password (Settings, Security)";

    // --- What the test of a calendar's connection finds -----------------------------------------
    AnswersOrganizers = "it answers organizers itself";
    AnswersNoOrganizers = "it does not answer organizers: mail from here is all they get";
    AuditedClean = "its copy of the events was last compared with the server's at {}: nothing differed";
    AuditedMended = "its copy of the events was last compared with the server's at {}: {} events differed, and were fetched or removed; if that happens again, look whether the server was restored from a backup";
    BuiltIn = "it is built in";
    ClockAhead = "the server's clock is {} seconds ahead of this machine's; set both by NTP, because events are ranked by when they were created";
    ClockBehind = "the server's clock is {} seconds behind this machine's; set both by NTP, because events are ranked by when they were created";
    FailingSince = "its runs have failed since {}, at last with: {}";
    AlsoCalendar = "it is the same calendar on the server as the calendar {}; remove one of the two here";
    ConditionsHonoured = "a test showed that it refuses to write over or delete what was changed in the meantime";
    ConditionsIgnored = "a test did not show that it refuses to write over or delete what was changed in the meantime; Room Booking reads each event again right before it writes it";
    ConditionsUntested = "it is not known whether it refuses to write over or delete what was changed in the meantime, and a test was not possible; Room Booking reads each event again right before it writes it";
    IsNoCalendar = "{} is no calendar; look at its address";
    MayAll = "the account may read, change, delete and create events";
    MayNot = "the account may not {}; let the owner share the calendar with the right to edit";
    MayNotChange = "change events";
    MayNotCreate = "create events";
    MayNotDelete = "delete events";
    MayNotRead = "read events";
    NoSyncCollection = "the server has no sync-collection (RFC 6578): all versions are listed whenever something has changed";
    NotFetchedYet = "its events have not been fetched yet: room-booking calendar sync {}";
    OtherZone = "the server has {} as its time zone, and here it is {}; set it with: room-booking calendar set {} --zone {}";
    RightsUnknown = "the server does not say what the account may do; the first run will show";
    ServerIs = "the server is {}; {}";
    SharedIn = "it is shared with the account by its owner: on some servers private events are not seen, and confidential ones are left alone; let the owner sign in if that matters";
    SignsIn = "{} signs in at {}, and the calendar is there";
    TakesNoEvents = "it takes no events, only {}";

    // --- What a kind of server does in its own way ----------------------------------------------
    QuirkActivity = "Its Activity app tells who booked, where an event does not say.";
    QuirkDeletesChanged = "It deletes objects that were changed in the meantime; Room Booking reads each one again right before it deletes it.";
    QuirkEtagsRepeat = "Versions of objects that were deleted and created anew repeat; Room Booking compares the objects themselves.";
    QuirkForgetsSilently = "It does not say when it has forgotten what was changed; Room Booking compares all versions then.";
    QuirkGoneIsChanged = "It answers the deletion of an object that is gone as if it had been changed; Room Booking looks which of both it is.";
    QuirkHidesParts = "It shows confidential events in part only to those whom a calendar is shared with; Room Booking leaves these alone unless the owner signs in.";
    QuirkNoVersionAfterInviting = "It does not tell the new version after it has sent invitations; Room Booking reads the object back then.";
    QuirkOverwritesChanged = "It overwrites objects that were changed in the meantime; Room Booking reads each one again right before it writes it.";
    QuirkOverwritesExisting = "It overwrites existing objects with new ones; Room Booking looks first.";
    QuirkRewrites = "It rewrites what it stores; Room Booking reads objects back after writing them.";

    // --- What was read, but perhaps not as it was meant -----------------------------------------
    CreatedRefuted = "CREATED is {}, but the event was not in the calendar when it was read at {}; the event counts from when it was first seen";
    LineEndsConverted = "the lines of the file end in CR alone; it was read as if they ended in CRLF";
    NotUtf8 = "it has bytes that are not UTF-8; they are kept as they are and shown as U+FFFD";
    SeveralMasters = "{} events have this UID and no RECURRENCE-ID; only the one with the highest SEQUENCE counts, or the last of these, and not those that start at {}";
    TokenUsedUp = "its priority token {} is used up by other events, so it does not prioritise this one";
    UnknownStatus = "STATUS {} is not defined for events (RFC 5545 section 3.8.1.11), so the event counts as taking place";
    Utf16Converted = "the file is encoded in UTF-16; it was converted to UTF-8";
    ZoneAssumed = "the time zone {} is unknown, so its times are read in the calendar's time zone {}";

    // --- Why nobody is told, and what became of a message ---------------------------------------
    AddressIs = "the address {}";
    AddressGetsNoMore = "an address gets at most {} messages in 24 hours";
    AddressHadEnough = "the address had {} messages in 24 hours";
    AnnouncedAlready = "the same was announced less than 7 days ago";
    CalendarHasNoTemplate = "the calendar has no template";
    CalendarHasNoTemplateAnyMore = "the calendar has no template any more";
    DiscardedBy = "{} discarded it";
    DomainNotAllowed = "mail to {} is not allowed: MAIL_DOMAINS does not name it";
    GivenUp = "given up after two days: {}";
    KindNotAnnounced = "the calendar does not announce this kind";
    NobodyKnown = "nobody is known who could be told";
    RendersToNothing = "its template renders to nothing";
    TemplateFailed = "the template {} failed ({}), so the program's own was sent";
    TemplateSilent = "the template {} does not use {}, so the program's own was sent";
    RecipientHidden = "the reason would name the organizer of a private event";
    WaitsForMailServer = "no mail server is set, so the message to {} waits";
    TooOldToSend = "it could not be sent for 7 days; `outbox retry` sends it all the same";
}
