//! What operations say, in German.

use operations::Sentence;

/// A sentence in German.
pub fn sentence(sentence: Sentence) -> &'static str {
    use Sentence::*;
    match sentence {
        Quoted => "{}",

        // What is wrong with a value, behind its name.
        AddressForm => "muss eine E-Mail-Adresse sein, zum Beispiel ann@example.org",
        CursorForm => "stammt nicht aus „next“ einer früheren Antwort",
        DateAndTime => "muss ein Datum sein, wenn der Beginn eines ist, sonst ein Zeitpunkt",
        DaysBetween => "muss zwischen {} und {} Tagen liegen",
        DescriptionControls => {
            "darf außer Zeilenumbrüchen und Tabulatoren keine Steuerzeichen enthalten"
        }
        DescriptionTooLong => "darf höchstens 8.000 Zeichen haben",
        EndAfterStart => "muss nach dem Beginn liegen",
        EndDayAfterStart => {
            "muss nach dem Beginn liegen; ein eintägiger Termin endet am Tag danach"
        }
        EndTooLate => "darf höchstens 366 Tage nach dem Beginn liegen",
        EventNameControls => "darf keine Steuerzeichen wie Zeilenumbrüche enthalten",
        EventNameTooLong => "darf höchstens 255 Zeichen haben",
        EventsBetween => "muss zwischen {} und {} Terminen liegen",
        ExpiryPast => "muss in der Zukunft liegen",
        ImportOnServer => "liegt auf einem Kalenderserver: Importieren Sie die Datei dort",
        MinutesBetween => "muss zwischen {} und {} Minuten liegen",
        MustNotBeEmpty => "darf nicht leer sein",
        NameForm => "muss 1 bis 100 Zeichen haben, darunter keine Steuerzeichen",
        NothingToFetch => "wird hier geführt: Es gibt nichts abzurufen",
        ObjectsBetween => "muss zwischen {} und {} Terminen liegen",
        PasswordTooLong => "darf höchstens 1.000 Byte lang sein",
        PasswordTooShort => "muss mindestens {} Zeichen haben",
        PresentPasswordWrong => "ist nicht Ihr bisheriges Passwort",
        PriorityForm => "muss eine E-Mail-Adresse sein oder eine Domain wie @example.org",
        RequestKeyLength => "muss 1 bis 255 Zeichen haben",
        RequestKeyUsed => "wurde in den letzten 24 Stunden schon für eine andere Anfrage benutzt",
        RightsMissing => "muss mindestens ein Recht umfassen",
        RuleControls => "darf keine Steuerzeichen enthalten",
        RuleTooFar => "lässt sich nicht bis zum Ende der Vorausschau berechnen: {}",
        RuleTooLong => "darf höchstens 500 Zeichen haben",
        RuleWrong => "{} (RFC 5545, Abschnitt 3.3.10)",
        SlugForm => {
            "muss aus 1 bis 63 der Zeichen a–z, 0–9 und - bestehen und darf nicht mit - beginnen, zum \
             Beispiel besprechungsraum-1"
        }
        SlugReserved => "darf keiner dieser Namen sein: {}",
        SlugTaken => {
            "gehört schon einem anderen Kalender, oder der Kalender auf dem Server ist vergeben"
        }
        StandsBehind => "gehört schon zum Kalender {}",
        TemplateFaultOnSample => "{} (beim Beispiel {})",
        TemplateNameBrought => {
            "gehört einer mitgelieferten Vorlage; speichern Sie unter einem anderen"
        }
        TemplateGone => "wurde inzwischen gelöscht; wählen Sie eine andere",
        TemplateNameTaken => "gehört schon einer anderen Vorlage",
        RepeatedTime => {
            "diese Uhrzeit gibt es an diesem Tag zweimal, weil die Uhren zurückgestellt werden; eine \
             Serie findet zur ersten der beiden statt"
        }
        SkippedTime => {
            "diese Uhrzeit gibt es an diesem Tag nicht, weil die Uhren vorgestellt werden; der erste \
             Termin einer Serie braucht Uhrzeiten, die es gibt"
        }
        PriorityWords => "muss einen Buchstaben oder eine Ziffer enthalten",
        TimeForm => {
            "muss ein Zeitpunkt wie 2026-03-02T12:00:00+01:00 oder 2026-03-02T12:00 sein oder, ganztägig, \
             ein Datum wie 2026-03-02"
        }
        UserNameTaken => "ist schon vergeben",
        YearsBetween => "muss zwischen den Jahren 1970 und 2200 liegen",
        ZoneForm => "muss eine IANA-Zeitzone sein, zum Beispiel Europe/Berlin",

        // What is not there.
        LinkOver => "Der Link gilt nicht, wurde schon benutzt oder ist abgelaufen.",
        NoAccount => "Ein Serverkonto {} gibt es nicht.",
        NoCalendar | NoCalendarListed => "Einen Kalender {} gibt es nicht.",
        NoCalendarOfYours => "Einen Kalender {}, den Sie benutzen dürfen, gibt es nicht.",
        NoEvent => "Im Kalender {} gibt es keinen Termin mit der UID {}.",
        NoHistoryLine => "Einen Eintrag {} gibt es im Verlauf nicht.",
        NoKey => "Einen Schlüssel {}, der nicht gesperrt ist, gibt es nicht.",
        NoMessage => "Eine Nachricht {} gibt es im Postausgang nicht.",
        NoSample => "Ein Beispiel {} gibt es nicht; es gibt {}.",
        NoTemplate => "Eine Vorlage {} gibt es nicht.",
        NoToken => "Ein Vorrang-Token {} gibt es nicht.",
        NoTokenBinding => "Eine Token-Bindung {} gibt es nicht.",
        NoUser => "Diesen Benutzer gibt es nicht.",
        NoUserNamed => "Einen Benutzer {} gibt es nicht.",
        NotAssigned => "Der Kalender {} ist {} nicht zugewiesen.",
        NameNotPrioritised => "{}: Der Text {} im Titel ist nicht bevorzugt.",
        NotProtected => "{}: Ein Termin {} ist nicht geschützt.",
        OrganizerNotPrioritised => "{}: Ein Organisator {} ist nicht bevorzugt.",
        UidNotPrioritised => "{}: Ein Termin {} ist nicht bevorzugt.",
        AllCalendars => "alle Kalender",

        // What is not as it would have to be.
        AccountUsed => "Es liegen noch Kalender auf dem Konto; deshalb bleibt es.",
        CannotChange => "Der Termin kann nicht geändert werden: {}",
        OthersWouldChange => {
            "Diese Änderung lässt sich nicht schreiben, ohne andere Termine der Serie zu ändern. Ändern \
             Sie die ganze Serie, oder sagen Sie diesen Termin ab und buchen Sie einen neuen."
        }
        NoOccurrence => "Der Termin {} findet zu dieser Zeit nicht statt.",
        NothingToChange => "muss mindestens eines von name, start, end, description enthalten",
        OnlyOrganizer => "Nur der Organisator kann diesen Termin ändern.",
        OtherVersion => "Der Termin hat sich seither geändert. Lesen Sie ihn noch einmal.",
        SeriesKeepsKind => {
            "muss bei einer Serie ganzer Tage ein Datum sein, sonst Datum und Uhrzeit"
        }
        StartOffRule => "muss eine Zeit sein, zu der die Regel der Serie einen Termin ergibt",
        EntryOfOtherCalendar => "darf nur Einträge der Kalender nennen, die bereinigt werden",
        EntryChanged => {
            "Der Termin, der Termin, mit dem er sich überschneidet, oder eine Einstellung hat sich seither geändert."
        }
        ConfirmAdministrators => {
            "Nur Administratoren können das Sicherheitslimit aufheben; es wurde nichts bereinigt."
        }
        PrivateEvent => {
            "Der Termin ist privat: Sein iCalendar-Objekt ist nur für Organisator, Ersteller und Administratoren lesbar."
        }
        BindingHoldsNothing => {
            "Der Termin belegt den Raum von jetzt an zu keiner Zeit; das Token kann an nichts gebunden \
             werden."
        }
        ChangedAllTheWhile => "Andere ändern den Termin fortwährend; versuchen Sie es noch einmal.",
        ChangedMeanwhile => "Der Termin wurde inzwischen geändert.",
        ChangedSince => {
            "Jemand anderes hat den Termin seither geändert; ihn wiederherzustellen würde das \
             überschreiben. Unten steht er, wie er war."
        }
        DateGone => {
            "Die Serie wurde seither geändert und hat diesen Termin nicht mehr, deshalb lässt er sich nicht \
             wiederherstellen. Unten steht sie, wie sie war."
        }
        DateTakesPlace => {
            "Die Serie wurde seither geändert, und dieser Termin findet statt: Es gibt nichts \
             wiederherzustellen."
        }
        EarlierChangeUnknown => {
            "Eine frühere Änderung dieses Termins ist noch offen: Der Kalenderserver hat nicht geantwortet \
             und führt sie vielleicht noch aus. Spätestens nach 16 Minuten steht es fest; versuchen Sie es \
             dann noch einmal."
        }
        GoneAgain => "Der Termin ist schon wieder gelöscht.",
        LastAdministrator => {
            "Es bliebe kein Administrator übrig; bestimmen Sie zuerst jemand anderen dazu."
        }
        MessageDoesNotGo => "Nachricht {} wird nicht gesendet: {}",
        MessageIs => "Nachricht {}: {}",
        MessageIsBeingSent => "Nachricht {} wird gerade gesendet.",
        MessageIsDiscarded => "Nachricht {} ist verworfen.",
        MessageIsGathered => "Nachricht {} ist für die nächste Nachricht zur Serie vorgemerkt.",
        MessageIsJoined => "Nachricht {} wurde mit einer anderen verschickt.",
        MessageIsSent => "Nachricht {} ist gesendet.",
        NoMailServer => {
            "Es ist kein Mailserver eingerichtet; setzen Sie SMTP_SERVER und SMTP_EMAIL."
        }
        NotKeptOut => "Was später entfernt wurde, lässt sich nicht heraushalten: {}",
        NothingWouldRemain => "Es bliebe nichts übrig.",
        OtherEventsInObject => {
            "Derselbe Eintrag auf dem Kalenderserver enthält noch andere Termine."
        }
        PutBackAlready => "Der Termin wurde schon wiederhergestellt.",
        RemovedLater => {
            "Der ganze Termin wurde später entfernt oder ersetzt; stellen Sie zuerst Eintrag {} des \
             Verlaufs wieder her."
        }
        SameIdThere => "Inzwischen steht ein anderer Termin mit derselben UID im Kalender.",
        SavedMeanwhile => {
            "Jemand hat andere Werte gespeichert, seit Sie diese Seite geöffnet haben. Ihre stehen unten \
             und sind noch nicht gespeichert; wenn Sie noch einmal speichern, überschreiben sie die \
             anderen. Was geändert wurde, steht im Verlauf unter „Einstellungen“."
        }
        TemplateBrought => "Die Vorlage wird mit dem Programm geliefert und bleibt deshalb.",
        TemplateUsed => "Diese Kalender verwenden die Vorlage: {}",
        TokenHasNoUseLeft => {
            "Das Vorrang-Token {} ist durch andere Termine aufgebraucht; entfernen Sie zuerst eine seiner \
             Bindungen, oder erstellen Sie ein weiteres Token."
        }
        UserNotActive => {
            "Das Benutzerkonto ist nicht aktiv, deshalb würde kein Link funktionieren; aktivieren Sie es \
             zuerst."
        }
        RoomTaken => "Der Raum ist zu dieser Zeit belegt.",

        // What takes too long.
        FirstFetch => {
            "Der Kalender wird zum ersten Mal abgerufen: {} von {} Einträgen sind da; versuchen Sie es \
             später noch einmal."
        }
        FirstFetchBegun => {
            "Der Kalender wird zum ersten Mal abgerufen; versuchen Sie es später noch einmal."
        }
        HeldByAnotherRun => {
            "Ein anderer Lauf hält den Kalender seit {} Sekunden; versuchen Sie es später noch einmal."
        }
        LeaseLost => {
            "Der Kalender wurde zu lange ohne Lebenszeichen gehalten und gehört womöglich schon einem \
             anderen Lauf; was noch nicht erledigt war, bleibt dem nächsten Lauf."
        }
        OthersBook => {
            "Seit einer Minute buchen andere in diesem Kalender; versuchen Sie es noch einmal."
        }
        OthersFetch => {
            "Andere bringen den Kalender gerade auf den neuesten Stand; versuchen Sie es noch einmal."
        }

        // What a calendar's server does not do.
        Answered403 => "Er hat mit 403 Forbidden geantwortet.",
        Answered403With => "403: {}",
        CalendarAddressWrong => "Die Adresse des Kalenders ist ungültig: {}",
        CalendarGone => {
            "Unter {} gibt es keinen Kalender mehr; sehen Sie nach, ob er verschoben oder gelöscht wurde \
             oder nicht mehr für {} freigegeben ist."
        }
        CalendarTrashed => {
            "Der Kalender wurde auf dem Server gelöscht und liegt dort im Papierkorb; stellen Sie ihn dort \
             wieder her oder entfernen Sie hier den Kalender {}."
        }
        HiddenBeside => {
            "Von dem Termin, der den Raum hat, zeigt der Server diesem Konto nur einen Teil \
             (CLASS:CONFIDENTIAL); verwenden Sie das Konto des Besitzers."
        }
        HiddenPart => {
            "Der Server zeigt diesem Konto nur einen Teil davon (CLASS:CONFIDENTIAL); verwenden Sie das \
             Konto des Besitzers."
        }
        NoneGivenAway => "Der Server gibt keinen von {} Terminen heraus: {}",
        OfHost => "{}: {}",
        PasswordNotKept => "wurde ausprobiert und nicht gespeichert: {}",
        PasswordRefused => {
            "{} nimmt das Passwort von {} nicht an; bis Sie es unter „Kalenderserver“ neu setzen, wird es \
             nicht noch einmal versucht (bei Nextcloud mit einem App-Passwort)."
        }
        PasswordUnreadable => {
            "{}; stellen Sie den geheimen Schlüssel wieder her, oder geben Sie das Passwort des Kontos \
             unter „Kalenderserver“ noch einmal ein."
        }
        ServerRefused => "Der Kalenderserver hat es abgelehnt: {}",
        SignInRefused => {
            "{} nimmt den Benutzernamen {} mit diesem Passwort nicht an; verwenden Sie bei Nextcloud ein \
             App-Passwort (Einstellungen, Sicherheit)."
        }

        // What the test of a calendar's connection finds.
        AnswersOrganizers => "er antwortet den Organisatoren selbst",
        AnswersNoOrganizers => {
            "er antwortet den Organisatoren nicht: Sie bekommen nur die E-Mails von hier"
        }
        AuditedClean => {
            "Die Kopie der Termine wurde zuletzt am {} mit dem Server verglichen: keine Abweichungen."
        }
        AuditedMended => {
            "Die Kopie der Termine wurde zuletzt am {} mit dem Server verglichen: {} Termine wichen ab und \
             wurden abgerufen oder entfernt. Prüfen Sie bei Wiederholung, ob der Server aus einer Sicherung \
             wiederhergestellt wurde."
        }
        BuiltIn => "Der Kalender wird hier geführt.",
        ClockAhead => {
            "Die Uhr des Servers geht {} Sekunden vor; stellen Sie beide Uhren über NTP, denn über den \
             Vorrang entscheidet, wann ein Termin gebucht wurde."
        }
        ClockBehind => {
            "Die Uhr des Servers geht {} Sekunden nach; stellen Sie beide Uhren über NTP, denn über den \
             Vorrang entscheidet, wann ein Termin gebucht wurde."
        }
        FailingSince => "Die Läufe schlagen seit {} fehl, zuletzt mit: {}",
        AlsoCalendar => {
            "Auf dem Server ist es derselbe Kalender wie {}; entfernen Sie hier einen der beiden."
        }
        ConditionsHonoured => {
            "Ein Test hat gezeigt, dass der Server nichts überschreibt oder löscht, was inzwischen geändert \
             wurde."
        }
        ConditionsIgnored => {
            "Ein Test hat nicht gezeigt, dass der Server nichts überschreibt oder löscht, was inzwischen \
             geändert wurde; jeder Termin wird deshalb unmittelbar vor dem Schreiben noch einmal gelesen."
        }
        ConditionsUntested => {
            "Es ist nicht bekannt, ob der Server überschreibt oder löscht, was inzwischen geändert wurde, \
             und ein Test war nicht möglich; jeder Termin wird deshalb unmittelbar vor dem Schreiben noch \
             einmal gelesen."
        }
        IsNoCalendar => "{} ist kein Kalender; prüfen Sie die Adresse.",
        MayAll => "Das Konto darf Termine lesen, ändern, löschen und anlegen.",
        MayNot => {
            "Dem Konto fehlen Rechte: {}. Lassen Sie den Besitzer den Kalender mit dem Recht zum \
             Bearbeiten freigeben."
        }
        MayNotChange => "Termine ändern",
        MayNotCreate => "Termine anlegen",
        MayNotDelete => "Termine löschen",
        MayNotRead => "Termine lesen",
        NoSyncCollection => {
            "Der Server kennt keine „sync-collection“ (RFC 6578): Sobald sich etwas geändert hat, werden \
             alle Versionen aufgelistet."
        }
        NotFetchedYet => "Die Termine wurden noch nicht abgerufen; das erledigt der nächste Lauf.",
        OtherZone => {
            "Auf dem Server gilt die Zeitzone {}, hier {}; ändern Sie sie in den Einstellungen."
        }
        RightsUnknown => {
            "Der Server sagt nicht, was das Konto darf; der erste Lauf wird es zeigen."
        }
        ServerIs => "Der Server ist {}; {}.",
        SharedIn => {
            "Der Besitzer hat den Kalender für das Konto freigegeben: Auf manchen Servern bleiben private \
             Termine unsichtbar und vertrauliche unberührt; verwenden Sie das Konto des Besitzers, \
             falls das wichtig ist."
        }
        SignsIn => "{} meldet sich unter {} an, und der Kalender ist da.",
        TakesNoEvents => "Der Kalender nimmt keine Termine auf, nur {}.",

        // What a kind of server does in its own way.
        QuirkActivity => "Seine Activity-App sagt, wer gebucht hat, wo ein Termin es nicht nennt.",
        QuirkDeletesChanged => {
            "Er löscht auch Einträge, die inzwischen geändert wurden; Room Booking liest jeden unmittelbar \
             vor dem Löschen noch einmal."
        }
        QuirkEtagsRepeat => {
            "Versionen gelöschter und neu angelegter Einträge wiederholen sich; Room Booking vergleicht \
             die Einträge selbst."
        }
        QuirkForgetsSilently => {
            "Er sagt nicht, wenn er vergessen hat, was geändert wurde; Room Booking vergleicht dann alle \
             Versionen."
        }
        QuirkGoneIsChanged => {
            "Wird ein Eintrag gelöscht, den es nicht mehr gibt, antwortet er, als wäre er geändert worden; \
             Room Booking sieht nach, was zutrifft."
        }
        QuirkHidesParts => {
            "Vertrauliche Termine zeigt er allen, für die ein Kalender freigegeben ist, nur zum Teil; Room \
             Booking lässt sie unberührt, sofern sich nicht der Besitzer anmeldet."
        }
        QuirkNoVersionAfterInviting => {
            "Nach dem Versand von Einladungen nennt er die neue Version nicht; Room Booking liest den \
             Eintrag dann noch einmal."
        }
        QuirkOverwritesChanged => {
            "Er überschreibt auch Einträge, die inzwischen geändert wurden; Room Booking liest jeden \
             unmittelbar vor dem Schreiben noch einmal."
        }
        QuirkOverwritesExisting => {
            "Er überschreibt vorhandene Einträge mit neuen; Room Booking sieht vorher nach."
        }
        QuirkRewrites => {
            "Er schreibt um, was er speichert; Room Booking liest Einträge nach dem Schreiben noch einmal."
        }

        // What was read, but perhaps not as it was meant.
        CreatedRefuted => {
            "CREATED ist {}, aber der Termin war nicht im Kalender, als dieser um {} gelesen wurde; es zählt, \
             wann der Termin zum ersten Mal gesehen wurde"
        }
        LineEndsConverted => {
            "die Zeilen der Datei enden nur mit CR; sie wurde gelesen, als endeten sie mit CRLF"
        }
        NotUtf8 => {
            "enthält Bytes, die kein UTF-8 sind; sie bleiben erhalten und werden als U+FFFD angezeigt"
        }
        SeveralMasters => {
            "{} Termine haben diese UID und keine RECURRENCE-ID; nur der mit der höchsten SEQUENCE zählt, \
             unter gleichen der letzte, und nicht die mit Beginn {}"
        }
        TokenUsedUp => {
            "das Vorrang-Token {} ist durch andere Termine aufgebraucht, deshalb bevorzugt es diesen nicht"
        }
        UnknownStatus => {
            "STATUS {} ist für Termine nicht definiert (RFC 5545, Abschnitt 3.8.1.11), deshalb zählt der \
             Termin als stattfindend"
        }
        Utf16Converted => "die Datei ist in UTF-16 codiert; sie wurde nach UTF-8 umgewandelt",
        ZoneAssumed => {
            "die Zeitzone {} ist unbekannt, deshalb werden die Zeiten in der Zeitzone des Kalenders gelesen: {}"
        }

        // Why nobody is told, and what became of a message.
        AddressIs => "die Adresse {}",
        AddressGetsNoMore => "eine Adresse bekommt in 24 Stunden höchstens {} Nachrichten",
        AddressHadEnough => "die Adresse hat in 24 Stunden schon {} Nachrichten bekommen",
        AnnouncedAlready => "dasselbe wurde vor weniger als 7 Tagen mitgeteilt",
        CalendarHasNoTemplate => "der Kalender hat keine Vorlage",
        CalendarHasNoTemplateAnyMore => "der Kalender hat keine Vorlage mehr",
        DiscardedBy => "verworfen durch {}",
        DomainNotAllowed => {
            "E-Mails an {} sind nicht erlaubt: MAIL_DOMAINS enthält die Domain nicht"
        }
        GivenUp => "nach zwei Tagen aufgegeben: {}",
        KindNotAnnounced => "der Kalender teilt so etwas nicht mit",
        NobodyKnown => "es ist niemand bekannt, der benachrichtigt werden könnte",
        RendersToNothing => "von der Vorlage bleibt nichts übrig",
        TemplateFailed => {
            "die Vorlage {} schlug fehl ({}), deshalb wurde die mitgelieferte gesendet"
        }
        TemplateSilent => {
            "die Vorlage {} verwendet {} nicht, deshalb wurde die mitgelieferte gesendet"
        }
        RecipientHidden => "der Grund würde den Organisator eines privaten Termins nennen",
        WaitsForMailServer => {
            "es ist kein Mailserver eingerichtet, deshalb wartet die Nachricht an {}"
        }
        TooOldToSend => {
            "konnte 7 Tage lang nicht gesendet werden; „Erneut versuchen“ sendet die Nachricht trotzdem"
        }
    }
}
