//! The texts of messages to administrators, in each language.

use crate::names::Language;

/// A subject and a text.
pub(crate) type Source = (&'static str, &'static str);

/// The texts of a language.
pub(crate) struct Texts {
    /// The language (RFC 5646).
    language: &'static str,
    /// A calendar, where its name is not known.
    pub unnamed: &'static str,
    pub confirmation_wanted: Source,
    pub calendar_fails: Source,
    pub calendar_works: Source,
    pub messages_held: Source,
    pub monthly_report: Source,
    pub conflicts_found: Source,
}

/// All of them, English first.
static ALL: [&Texts; 3] = [&ENGLISH, &GERMAN, &FRENCH];

/// The texts in a language; English, if there are none in it.
pub(crate) fn texts(language: Language) -> &'static Texts {
    let found = ALL.iter().find(|it| it.language == language.code());
    found.copied().unwrap_or(&ENGLISH)
}

static ENGLISH: Texts = Texts {
    language: "en",
    unnamed: "A calendar",
    confirmation_wanted: (
        "{{ room }}: a clear waits for your confirmation",
        "A clear of {{ room }} would change {{ objects or \"too many\" }} bookings. Its safety limit is {{ safety_limit if safety_limit is defined else \"lower\" }}.\n\
         Until you confirm, only bookings that start within 48 hours are removed, and at most\n\
         ten in 24 hours.\n\n\
         Review the changes, and confirm them if they are right:\n\n  \
         room-booking clear --test --calendar {{ calendar }}\n  \
         room-booking clear --confirm --calendar {{ calendar }}\n\n\
         You can also do this on the site. You get this message once.\n",
    ),
    calendar_fails: (
        "{{ room }} cannot be cleared",
        "The calendar {{ room }} has failed{% if since %} since {{ since }}{% endif %}. Until it works again, its\n\
         double bookings stay.\n\n\
         {{ failure or \"The reason is not known.\" }}\n\n\
         To find the cause, run room-booking doctor. You get a message when the calendar works\n\
         again.\n",
    ),
    calendar_works: (
        "{{ room }} works again",
        "The calendar {{ room }} works again{% if until %} since {{ until }}{% endif %}\
         {% if since %}; it had failed since {{ since }}{% endif %}.\n\
         You need not do anything.\n",
    ),
    messages_held: (
        "Messages to other domains wait for your decision",
        "{% if who %}{{ who }} has caused{% else %}Room Booking has sent{% endif %} {{ limit or \"the largest number of\" }} messages in 24 hours to addresses outside\n\
         {{ domain or \"the sender's domain\" }}. That is the limit, so further messages are held.\n\n\
         Review them, and release or discard them:\n\n  \
         room-booking outbox list --state held\n  \
         room-booking outbox release ID\n  \
         room-booking outbox discard ID\n\n\
         You can also do this on the site. If the messages go to people of your organization, set\n\
         MAIL_DOMAINS to its domains: then mail goes to them only, and nothing is held. You get\n\
         this message at most once a day.\n",
    ),
    monthly_report: (
        "Report for {{ month or \"the past month\" }}",
        "Room Booking in {{ month or \"the past month\" }}{% if rooms %}, {{ rooms }} {{ \"room\" if rooms == 1 else \"rooms\" }}{% endif %}:\n\n\
         Conflicts found:      {{ found or 0 }}\n\
         - removed:            {{ removed or 0 }}\n\
         - settled by people:  {{ settled or 0 }}\n\
         - kept:               {{ kept or 0 }}\n\
         Leftovers removed:    {{ leftovers or 0 }}\n\
         Restored:             {{ restored or 0 }}\n\
         Hours booked:         {{ booked or 0 }}\n\
         Hours used twice:     {{ used_twice or 0 }}\n\
         {% if series %}\nSeries without an end whose organizer was not seen for 90 days: {{ series }}\n{% endif %}\
         {% if addresses %}\nOrganizers whose address is unknown to its mail server: {{ addresses }}\n{% endif %}\
         {% if url %}\nThe whole report, with charts and tables:\n\n  {{ url }}\n{% endif %}",
    ),
    conflicts_found: (
        "{{ room }}: {{ number or \"some\" }} {{ \"conflict\" if number == 1 else \"conflicts\" }}",
        "Hello,\n\n\
         {{ room }} has {{ number or \"some\" }} {{ \"conflict\" if number == 1 else \"conflicts\" }}. This calendar only reports them: nothing is removed.\n\
         Please agree with the organizers who uses the room.\n\
         {% for it in conflicts %}\n\
         - {{ it.name or \"(no name)\" }}{% if it.organizer %} ({{ it.organizer }}){% endif %}, {{ it.start|period(it.end) }}\n  \
         overlaps {{ it.winner or \"(no name)\" }}{% if it.winner_organizer %} ({{ it.winner_organizer }}){% endif %}\
         {% endfor %}\
         {% if conflicts and number > conflicts|length %}\n- and {{ number - conflicts|length }} more\n{% endif %}\n\n\
         All times are in the time zone {{ zone or \"UTC\" }}. You get this message at most once a day.\n",
    ),
};

static GERMAN: Texts = Texts {
    language: "de",
    unnamed: "einem Kalender",
    confirmation_wanted: (
        "{{ room }}: Eine Bereinigung wartet auf Ihre Bestätigung",
        "Eine Bereinigung von {{ room }} würde {{ objects or \"zu viele\" }} Buchungen ändern. Die Sicherheitsgrenze ist {{ safety_limit if safety_limit is defined else \"niedriger\" }}.\n\
         Bis Sie bestätigen, werden nur Buchungen entfernt, die in den nächsten 48 Stunden beginnen,\n\
         und höchstens zehn in 24 Stunden.\n\n\
         Prüfen Sie die Änderungen, und bestätigen Sie sie, wenn sie richtig sind:\n\n  \
         room-booking clear --test --calendar {{ calendar }}\n  \
         room-booking clear --confirm --calendar {{ calendar }}\n\n\
         Das geht auch auf der Website. Sie erhalten diese Nachricht einmal.\n",
    ),
    calendar_fails: (
        "{{ room }} kann nicht bereinigt werden",
        "Der Kalender {{ room }} ist{% if since %} seit {{ since }}{% endif %} gestört. Bis er wieder funktioniert,\n\
         bleiben seine Doppelbuchungen.\n\n\
         {{ failure or \"Der Grund ist nicht bekannt.\" }}\n\n\
         Die Ursache zeigt room-booking doctor. Sie erhalten eine Nachricht, sobald der Kalender\n\
         wieder funktioniert.\n",
    ),
    calendar_works: (
        "{{ room }} funktioniert wieder",
        "Der Kalender {{ room }} funktioniert{% if until %} seit {{ until }}{% endif %} wieder\
         {% if since %}; gestört war er seit {{ since }}{% endif %}.\n\
         Sie müssen nichts tun.\n",
    ),
    messages_held: (
        "Nachrichten an andere Domains warten auf Ihre Entscheidung",
        "{% if who %}{{ who }} hat{% else %}Room Booking hat{% endif %} in 24 Stunden {{ limit or \"die größte Zahl von\" }} Nachrichten an Adressen außerhalb von\n\
         {{ domain or \"der Domain des Absenders\" }} {% if who %}verursacht{% else %}verschickt{% endif %}. Das ist die Grenze; weitere Nachrichten werden zurückgehalten.\n\n\
         Prüfen Sie sie, und geben Sie sie frei oder verwerfen Sie sie:\n\n  \
         room-booking outbox list --state held\n  \
         room-booking outbox release ID\n  \
         room-booking outbox discard ID\n\n\
         Das geht auch auf der Website. Wenn die Nachrichten an Personen Ihrer Organisation gehen,\n\
         setzen Sie MAIL_DOMAINS auf deren Domains: Dann geht Mail nur dorthin, und nichts wird\n\
         zurückgehalten. Sie erhalten diese Nachricht höchstens einmal am Tag.\n",
    ),
    monthly_report: (
        "Bericht für {{ month or \"den vergangenen Monat\" }}",
        "Room Booking im {{ month or \"vergangenen Monat\" }}{% if rooms %}, {{ rooms }} {{ \"Raum\" if rooms == 1 else \"Räume\" }}{% endif %}:\n\n\
         Überschneidungen gefunden:  {{ found or 0 }}\n\
         - entfernt:                 {{ removed or 0 }}\n\
         - von Personen gelöst:      {{ settled or 0 }}\n\
         - behalten:                 {{ kept or 0 }}\n\
         Abgesagte entfernt:         {{ leftovers or 0 }}\n\
         Wiederhergestellt:          {{ restored or 0 }}\n\
         Gebuchte Stunden:           {{ booked or 0 }}\n\
         Doppelt gebuchte Stunden:   {{ used_twice or 0 }}\n\
         {% if series %}\nSerien ohne Ende, deren Organisator seit 90 Tagen nicht gesehen wurde: {{ series }}\n{% endif %}\
         {% if addresses %}\nOrganisatoren, deren Adresse ihr Mailserver nicht kennt: {{ addresses }}\n{% endif %}\
         {% if url %}\nDer ganze Bericht mit Diagrammen und Tabellen:\n\n  {{ url }}\n{% endif %}",
    ),
    conflicts_found: (
        "{{ room }}: {{ number or \"einige\" }} {{ \"Überschneidung\" if number == 1 else \"Überschneidungen\" }}",
        "Guten Tag,\n\n\
         in {{ room }} gibt es {{ \"eine Überschneidung\" if number == 1 else (number or \"einige\") ~ \" Überschneidungen\" }}. Dieser Kalender meldet sie nur: Es wird nichts entfernt.\n\
         Bitte klären Sie mit den Organisatoren, wer den Raum nutzt.\n\
         {% for it in conflicts %}\n\
         - {{ \"Privat\" if it.is_private else it.name or \"(ohne Namen)\" }}{% if it.organizer %} ({{ it.organizer }}){% endif %}, {{ it.start|period(it.end, \"de\") }}\n  \
         überschneidet sich mit {{ \"Privat\" if it.winner_is_private else it.winner or \"(ohne Namen)\" }}{% if it.winner_organizer %} ({{ it.winner_organizer }}){% endif %}\
         {% endfor %}\
         {% if conflicts and number > conflicts|length %}\n- und {{ number - conflicts|length }} weitere\n{% endif %}\n\n\
         Alle Zeiten gelten in der Zeitzone {{ zone or \"UTC\" }}. Sie erhalten diese Nachricht höchstens einmal am Tag.\n",
    ),
};

static FRENCH: Texts = Texts {
    language: "fr",
    unnamed: "Un calendrier",
    confirmation_wanted: (
        "{{ room }}\u{202F}: un nettoyage attend votre confirmation",
        "Un nettoyage de {{ room }} modifierait {{ objects or \"trop de\" }} réservations. La limite de sécurité est {{ safety_limit if safety_limit is defined else \"inférieure\" }}.\n\
         Jusqu’à votre confirmation, seules les réservations qui commencent dans les 48 heures sont\n\
         supprimées, et au plus dix en 24 heures.\n\n\
         Vérifiez les modifications, et confirmez-les si elles sont justes\u{202F}:\n\n  \
         room-booking clear --test --calendar {{ calendar }}\n  \
         room-booking clear --confirm --calendar {{ calendar }}\n\n\
         Vous pouvez aussi le faire sur le site. Vous recevez ce message une seule fois.\n",
    ),
    calendar_fails: (
        "{{ room }} ne peut pas être nettoyé",
        "Le calendrier {{ room }} est en échec{% if since %} depuis {{ since }}{% endif %}. Jusqu’à ce qu’il fonctionne de\n\
         nouveau, ses doubles réservations restent.\n\n\
         {{ failure or \"La raison n’est pas connue.\" }}\n\n\
         Pour trouver la cause, lancez room-booking doctor. Vous recevez un message quand le\n\
         calendrier fonctionne de nouveau.\n",
    ),
    calendar_works: (
        "{{ room }} fonctionne de nouveau",
        "Le calendrier {{ room }} fonctionne de nouveau{% if until %} depuis {{ until }}{% endif %}\
         {% if since %}\u{202F}; il était en échec depuis {{ since }}{% endif %}.\n\
         Vous n’avez rien à faire.\n",
    ),
    messages_held: (
        "Des messages vers d’autres domaines attendent votre décision",
        "{% if who %}{{ who }} a causé{% else %}Room Booking a envoyé{% endif %} {{ limit or \"le plus grand nombre de\" }} messages en 24 heures vers des adresses hors de\n\
         {{ domain or \"le domaine de l’expéditeur\" }}. C’est la limite\u{202F}; les messages suivants sont retenus.\n\n\
         Vérifiez-les, puis libérez-les ou abandonnez-les\u{202F}:\n\n  \
         room-booking outbox list --state held\n  \
         room-booking outbox release ID\n  \
         room-booking outbox discard ID\n\n\
         Vous pouvez aussi le faire sur le site. Si les messages vont à des personnes de votre\n\
         organisation, mettez ses domaines dans MAIL_DOMAINS\u{202F}: le courrier ne va alors qu’à elles, et\n\
         rien n’est retenu. Vous recevez ce message au plus une fois par jour.\n",
    ),
    monthly_report: (
        "Rapport pour {{ month or \"le mois passé\" }}",
        "Room Booking, {{ month or \"le mois passé\" }}{% if rooms %}, {{ rooms }} {{ \"salle\" if rooms == 1 else \"salles\" }}{% endif %}\u{202F}:\n\n\
         Conflits trouvés\u{202F}:            {{ found or 0 }}\n\
         - supprimés\u{202F}:                 {{ removed or 0 }}\n\
         - réglés par des personnes\u{202F}:  {{ settled or 0 }}\n\
         - conservés\u{202F}:                 {{ kept or 0 }}\n\
         Annulés supprimés\u{202F}:           {{ leftovers or 0 }}\n\
         Restaurés\u{202F}:                   {{ restored or 0 }}\n\
         Heures réservées\u{202F}:            {{ booked or 0 }}\n\
         Heures réservées deux fois\u{202F}:  {{ used_twice or 0 }}\n\
         {% if series %}\nSéries sans fin dont l’organisateur n’a pas été vu depuis 90 jours\u{202F}: {{ series }}\n{% endif %}\
         {% if addresses %}\nOrganisateurs dont l’adresse est inconnue de leur serveur de messagerie\u{202F}: {{ addresses }}\n{% endif %}\
         {% if url %}\nLe rapport entier, avec graphiques et tableaux\u{202F}:\n\n  {{ url }}\n{% endif %}",
    ),
    conflicts_found: (
        "{{ room }}\u{202F}: {{ number or \"quelques\" }} {{ \"conflit\" if number == 1 else \"conflits\" }}",
        "Bonjour,\n\n\
         {{ room }} a {{ number or \"quelques\" }} {{ \"conflit\" if number == 1 else \"conflits\" }}. Ce calendrier se contente de les signaler\u{202F}: rien n’est supprimé.\n\
         Veuillez convenir avec les organisateurs de qui utilise la salle.\n\
         {% for it in conflicts %}\n\
         - {{ \"Privé\" if it.is_private else it.name or \"(sans nom)\" }}{% if it.organizer %} ({{ it.organizer }}){% endif %}, {{ it.start|period(it.end, \"fr\") }}\n  \
         chevauche {{ \"Privé\" if it.winner_is_private else it.winner or \"(sans nom)\" }}{% if it.winner_organizer %} ({{ it.winner_organizer }}){% endif %}\
         {% endfor %}\
         {% if conflicts and number > conflicts|length %}\n- et {{ number - conflicts|length }} {{ \"autre\" if number - conflicts|length == 1 else \"autres\" }}\n{% endif %}\n\n\
         Toutes les heures sont dans le fuseau horaire {{ zone or \"UTC\" }}. Vous recevez ce message au plus une fois par jour.\n",
    ),
};
