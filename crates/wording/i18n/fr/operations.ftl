### What operations say to people: errors, refusals, findings and warnings. The API and the command line
### print them in English. A message that the site words otherwise has that wording as `.site`.

quoted = { $words }

## What is wrong with a value, behind its name

address-form = doit être une adresse e-mail, par exemple anne@example.org
cursor-form = n’est pas un curseur d’une réponse précédente
date-and-time = doit être une date si le début en est une, sinon une date avec une heure
days-between = doit être compris entre { $least } et { $most } jours
description-controls = ne doit contenir aucun caractère de contrôle, hormis les sauts de ligne et les tabulations
description-too-long = doit avoir au plus 8 000 caractères
end-after-start = doit être après le début
end-day-after-start = doit être après le début ; un événement d’un jour se termine le lendemain
end-too-late = doit être au plus 366 jours après le début
event-name-controls = ne doit contenir aucun caractère de contrôle, tel qu’un saut de ligne
event-name-too-long = doit avoir au plus 255 caractères
answers-by-server = ne peut pas être activé : le serveur de calendriers répond lui-même aux invitations de cette salle
answers-need-address = exige l’adresse e-mail propre à la salle
answers-need-server = n’existe que pour les calendriers sur des serveurs CalDAV
events-between = doit être compris entre { $least } et { $most } événements
expiry-past = doit être dans le futur
minutes-between = doit être compris entre { $least } et { $most } minutes
must-not-be-empty = ne doit pas être vide
name-form = doit avoir de 1 à 100 caractères, sans caractère de contrôle
template-language-unknown = doit être l’anglais, l’allemand ou le français
greeting-form = doit tenir sur une ligne d’au plus { $most } caractères
signature-form = doit avoir au plus { $lines } lignes et { $most } caractères
logo-form = doit être une image PNG ou JPEG
logo-too-large = doit faire au plus { $most } Kio
nothing-to-fetch = est conservé ici : il n’y a rien à récupérer
objects-between = doit être compris entre { $least } et { $most } objets
password-too-long = doit avoir au plus 1 000 octets
code-wrong = est faux, ou a déjà été utilisé
password-common = est facile à deviner : il est courant, ou composé de mots, de noms ou de dates courants ou de touches voisines ; utilisez quelques mots au hasard à la suite
password-own = est facile à deviner pour qui connaît le nom ou l’adresse de l’utilisateur ; utilisez quelques mots au hasard à la suite
password-too-short =
    { $least ->
        [one] doit avoir au moins { $least } caractère
       *[other] doit avoir au moins { $least } caractères
    }
searches-busy = trop de recherches de salles sont en cours ; réessayez dans un instant
passwords-busy = trop de mots de passe sont en cours de vérification ; réessayez dans un instant
present-password-wrong = n’est pas votre mot de passe actuel
priority-form = doit être une adresse e-mail, ou un domaine tel que @example.org
request-key-length = doit avoir de 1 à 255 caractères
request-key-used = a été utilisé pour une autre requête au cours des dernières 24 heures
rights-missing = doit en comporter au moins un
rule-controls = ne doit contenir aucun caractère de contrôle
rule-too-far = ne peut pas être calculé jusqu’à l’horizon : { $reason }
rule-too-often =
    { $most ->
        [one] a plus de { $most } occurrence jusqu’à l’horizon ; réservez-en moins à la fois
       *[other] a plus de { $most } occurrences jusqu’à l’horizon ; réservez-en moins à la fois
    }
rule-too-long = doit avoir au plus 500 caractères
rule-wrong = { $reason } (RFC 5545, section 3.3.10)
seconds-between = doit être compris entre { $least } et { $most } secondes
slug-form = doit être formé de 1 à 63 caractères parmi a-z, 0-9 et -, et ne pas commencer par -, par exemple salle-de-reunion-1
slug-reserved = ne doit être aucun de ces noms : { $names }
slug-taken = est déjà celui d’un autre calendrier, ou le calendrier du serveur est déjà lié à un autre
stands-behind = est déjà lié au calendrier { $calendar }
template-fault-on-sample = { $fault } (avec l’exemple { $sample })
template-name-brought = est celui d’un modèle fourni avec le programme ; enregistrez sous un autre nom
template-gone = a été supprimé entre-temps ; choisissez-en un autre
template-name-taken = est déjà celui d’un autre modèle
repeated-time = cette heure locale existe deux fois ce jour-là, car les horloges reculent ; une série a lieu à la première des deux
skipped-time = cette heure locale n’existe pas ce jour-là, car les horloges avancent ; la première occurrence d’une série doit avoir des heures qui existent
priority-words = doit contenir une lettre ou un chiffre
time-form = doit être une date avec heure telle que 2026-03-02T12:00:00+01:00 ou 2026-03-02T12:00 ou, pour un événement d’une journée entière, une date telle que 2026-03-02
user-name-taken = est déjà celui d’un autre utilisateur
years-between = doit se situer entre les années 1970 et 2200
watch-needs-server = n’existe que pour les calendriers sur des serveurs CalDAV
zone-form = doit être un fuseau horaire IANA, par exemple Europe/Paris
entry-of-other-calendar = ne doit nommer que des entrées des calendriers à nettoyer

## What is not there

link-over = Le lien n’est pas valable, a déjà été utilisé ou a expiré.
no-account = Il n’y a pas de compte de serveur { $account }.
no-calendar = Il n’y a pas de calendrier { $calendar }.
no-calendar-listed = Il n’y a pas de calendrier { $calendar } ; `room-booking calendar list` les affiche.
    .site = Il n’y a pas de calendrier { $calendar }.
no-calendar-of-yours = Il n’y a pas de calendrier { $calendar } que vous puissiez utiliser.
no-event = Le calendrier { $calendar } ne contient aucun événement avec l’UID { $uid }.
no-history-line = L’historique n’a pas de ligne { $line }.
no-key = Il n’y a pas de clé { $key } qui ne soit pas révoquée.
no-suspended-key = Il n’y a pas de clé { $key } suspendue avec son utilisateur.
no-message = La boîte d’envoi n’a pas de message { $id }.
no-sample = Il n’y a pas d’exemple { $sample } ; il y a { $samples }.
no-template = Il n’y a pas de modèle { $template }.
no-token = Il n’y a pas de jeton de priorité { $token }.
no-token-binding = Il n’y a pas de lien de jeton { $binding }.
no-user = Cet utilisateur n’existe pas.
no-user-named = Il n’y a pas d’utilisateur { $user }.
not-assigned = Le calendrier { $calendar } n’est pas attribué à { $user }.
name-not-prioritised = { $calendar } : aucun nom { $name } n’est prioritaire.
not-protected = { $calendar } : aucun événement { $uid } n’est protégé.
organizer-not-prioritised = { $calendar } : aucun organisateur { $organizer } n’est prioritaire.
uid-not-prioritised = { $calendar } : aucun événement { $uid } n’est prioritaire.
all-calendars = tous les calendriers

## Why an entry is not done

entry-changed = L’événement, celui qu’il chevauche ou un paramètre a changé depuis.

## What cannot be changed

cannot-change = L’événement ne peut pas être modifié : { $reason }
no-occurrence = L’événement { $uid } n’a pas d’occurrence à ce début.
nothing-to-change = doit contenir au moins l’un de name, start, end, description
others-would-change = Cette modification ne peut pas être écrite sans modifier d’autres occurrences de la série. Modifiez toute la série, ou annulez cette occurrence et réservez un nouvel événement.
only-organizer = Seul l’organisateur peut modifier cet événement.
other-version = L’événement a changé depuis. Relisez-le.
series-keeps-kind = doit être une date pour une série de journées entières, sinon une date avec une heure
start-off-rule = doit être un jour où la série se répète. Pour la déplacer à un autre jour de la semaine, déplacez seulement cette occurrence, ou annulez-la avec les suivantes et réservez une nouvelle série

## What the caller may not do

confirm-administrators = Seul un administrateur peut lever la limite de sécurité ; rien n’a été nettoyé.
private-event = L’événement est privé : son objet iCalendar est réservé à son organisateur, à son auteur et aux administrateurs.

## What is not as it would have to be

account-used = Des calendriers utilisent ce compte ; il reste donc.
binding-holds-nothing = L’événement n’occupe plus la salle à aucun moment à partir de maintenant ; il n’y a donc rien à quoi lier le jeton.
changed-all-the-while = L’événement est sans cesse modifié par d’autres ; réessayez.
changed-meanwhile = Il a été modifié entre-temps.
changed-since = Quelqu’un d’autre a modifié l’événement depuis ; le restaurer écraserait cette modification. `history show --ics` l’affiche tel qu’il était.
    .site = Quelqu’un d’autre a modifié l’événement depuis ; le restaurer écraserait cette modification. Il figure ci-dessous tel qu’il était.
date-gone = La série a été modifiée depuis et n’a plus cette occurrence ; celle-ci ne peut donc pas être restaurée. `history show --ics` affiche la série telle qu’elle était.
    .site = La série a été modifiée depuis et n’a plus cette occurrence ; celle-ci ne peut donc pas être restaurée. La série figure ci-dessous telle qu’elle était.
date-takes-place = La série a été modifiée depuis, et cette occurrence y a lieu : il n’y a rien à restaurer.
database-full = La base de données est pleine et rien n’a été enregistré : libérez de l’espace sur le disque qui la contient, puis réessayez.
database-failed = La base de données a signalé une erreur ; le journal du serveur indique laquelle.
database-unavailable = La base de données est occupée ou ne répond pas ; réessayez.
internal-error = une erreur interne ; le journal du serveur en dit plus
secret-key-was-changed = SECRET_KEY a été modifiée avec `room-booking secret rotate` depuis le démarrage de ce serveur ; donnez-lui la nouvelle clé et redémarrez-le.
secret-key-wrong = SECRET_KEY n’est pas celle de cette base de données : ses secrets ne peuvent pas être déchiffrés, et aucun n’est enregistré ; `room-booking doctor` indique que faire.
secret-unreadable = un secret enregistré ne peut pas être déchiffré : SECRET_KEY, ou le fichier de clé, n’est pas le bon, ou sa ligne a été modifiée par autre chose que ce programme
decision-too-old = Le serveur a mis si longtemps que la décision est trop ancienne ; rien n’a été modifié. Réessayez.
division-unfinished = Cette série est en cours de division ou vient d’être réunie, et le serveur de calendriers n’a pas encore effectué la dernière étape : ses dates figurent deux fois et aucune n’est supprimée. Réessayez dans 16 minutes. Si rien ne change, supprimez à la main l’un des deux événements.
earlier-change-unknown = Une modification antérieure de cet événement est en suspens : le serveur de calendriers n’a pas répondu et peut encore l’effectuer. On le saura au plus tard après 16 minutes ; réessayez alors.
gone-again = L’événement a de nouveau disparu.
last-administrator = Il ne resterait aucun administrateur ; désignez d’abord quelqu’un d’autre.
import-on-server = Les événements de { $calendar } sont sur un serveur de calendriers ; importez le fichier là-bas.
    .site = Seuls les calendriers conservés ici acceptent des fichiers. Importez le fichier sur le serveur de calendriers.
message-does-not-go = Le message { $id } n’est pas envoyé : { $reason }
message-is = Message { $id } : { $state }
message-is-being-sent = Le message { $id } est en cours d’envoi.
message-is-discarded = Le message { $id } est abandonné.
message-is-gathered = Le message { $id } est mis de côté.
    .site = Le message { $id } attend le prochain message sur la série.
message-is-held = Le message { $id } est retenu ; `outbox release` le libère.
    .site = Le message { $id } est retenu ; libérez-le pour l’envoyer.
message-is-joined = Le message { $id } est joint à un autre.
    .site = Le message { $id } est parti avec un autre.
message-is-not-held = Le message { $id } n’est pas retenu.
message-is-sent = Le message { $id } est envoyé.
no-mail-server = Il n’y a pas de serveur de messagerie ; définissez SMTP_SERVER et SMTP_EMAIL.
not-kept-out = Ce qui a été supprimé plus tard ne peut pas être laissé de côté : { $reason }
nothing-would-remain = Il n’en resterait rien.
other-events-in-object = Le même objet du serveur de calendriers contient d’autres événements.
key-had-enough-events =
    { $most ->
        [one] Cette clé a créé { $most } événement aujourd’hui (UTC) ; elle ne peut pas en créer plus.
       *[other] Cette clé a créé { $most } événements aujourd’hui (UTC) ; elle ne peut pas en créer plus.
    }
answers-stay = La réponse de la salle n’est pas reprise ; refusez l’invitation dans le calendrier.
restored-already = L’événement a déjà été restauré.
removed-later = L’événement entier a été supprimé ou remplacé plus tard ; restaurez d’abord la ligne { $line } de l’historique.
same-id-there = Un autre événement avec le même UID est entre-temps dans le calendrier.
saved-meanwhile = Quelqu’un d’autre a enregistré d’autres valeurs entre-temps.
    .site = Quelqu’un a enregistré d’autres valeurs depuis que vous avez ouvert cette page. Les vôtres figurent ci-dessous et ne sont pas encore enregistrées ; un nouvel enregistrement écrase les autres. L’historique des paramètres indique ce qui a été modifié.
template-brought = Le modèle est fourni avec le programme ; il reste donc.
template-used = Des calendriers l’utilisent : { $calendars }
token-has-no-use-left = Le jeton de priorité { $token } est épuisé par d’autres événements ; retirez d’abord l’un de ses liens, ou créez un autre jeton.
key-user-not-active = L’utilisateur de la clé est désactivé ; activez-le d’abord.
user-not-active = L’utilisateur est désactivé ; aucun lien ne fonctionnerait donc. Activez-le d’abord.
no-second-factor = L’utilisateur n’a pas de second facteur.
directory-unavailable = L’annuaire ne répond pas pour le moment. Réessayez dans quelques minutes.
no-identity = L’utilisateur n’a pas cette connexion.
room-taken = La salle est occupée à cette heure.

## What takes too long

first-fetch = Le calendrier est récupéré pour la première fois : { $fetched } objets sur { $total } sont là ; réessayez plus tard.
first-fetch-begun = Le calendrier est récupéré pour la première fois ; réessayez plus tard.
held-by-another-run =
    { $seconds ->
        [one] Une autre exécution retient le calendrier depuis { $seconds } seconde ; réessayez plus tard.
       *[other] Une autre exécution retient le calendrier depuis { $seconds } secondes ; réessayez plus tard.
    }
lease-lost = Le calendrier a été retenu trop longtemps sans signe de vie, et appartient peut-être déjà à une autre exécution ; ce qui n’était pas encore fait revient à la prochaine exécution.
server-stopped = Le serveur a été arrêté avant la fin de l’exécution sur le calendrier ; ce qui n’était pas encore fait revient à la prochaine exécution.
others-book = D’autres réservent dans ce calendrier depuis une minute ; réessayez.
others-fetch = D’autres serveurs sont en train de mettre le calendrier à jour ; réessayez.

## What was read, but perhaps not as it was meant

created-refuted = CREATED est { $created }, mais l’événement n’était pas dans le calendrier lorsque celui-ci a été lu le { $not-seen } ; l’événement compte à partir du moment où il a été vu pour la première fois
line-ends-converted = les lignes du fichier se terminent par CR seul ; il a été lu comme si elles se terminaient par CRLF
not-utf-8 = contient des octets qui ne sont pas de l’UTF-8 ; ils sont conservés et affichés comme U+FFFD
several-masters =
    { $count ->
        [one] { $count } événement a cet UID sans RECURRENCE-ID ; seul compte celui qui a la SEQUENCE la plus élevée, ou le dernier d’entre eux, et non ceux qui commencent à { $starts }
       *[other] { $count } événements ont cet UID sans RECURRENCE-ID ; seul compte celui qui a la SEQUENCE la plus élevée, ou le dernier d’entre eux, et non ceux qui commencent à { $starts }
    }
a-status-is-unknown = son STATUS n’est pas défini pour les événements (RFC 5545, section 3.8.1.11) ; l’événement compte donc comme ayant lieu
a-zone-is-assumed = son fuseau horaire est inconnu ; ses heures sont donc lues dans celui du calendrier
a-token-used-up = son jeton de priorité est épuisé par d’autres événements ; il ne le rend donc pas prioritaire
token-used-up = son jeton de priorité { $token } est épuisé par d’autres événements ; il ne le rend donc pas prioritaire
unknown-status = STATUS { $status } n’est pas défini pour les événements (RFC 5545, section 3.8.1.11) ; l’événement compte donc comme ayant lieu
utf-16-converted = le fichier est codé en UTF-16 ; il a été converti en UTF-8
zone-assumed = le fuseau horaire { $tzid } est inconnu ; ses heures sont donc lues dans le fuseau horaire du calendrier, { $zone }

## Why nobody is told, and what became of a message

address-is = l’adresse { $fault }
address-gets-no-more =
    { $most ->
        [one] une adresse reçoit au plus { $most } message en 24 heures
       *[other] une adresse reçoit au plus { $most } messages en 24 heures
    }
address-had-enough =
    { $count ->
        [one] l’adresse a reçu { $count } message en 24 heures
       *[other] l’adresse a reçu { $count } messages en 24 heures
    }
announced-already = la même chose a été annoncée il y a moins de 7 jours
calendar-has-no-template = le calendrier n’a pas de modèle
calendar-has-no-template-any-more = le calendrier n’a plus de modèle
discarded-by = abandonné par { $user }
domain-not-allowed = les e-mails à { $domain } ne sont pas autorisés : MAIL_DOMAINS ne nomme pas ce domaine
held-of-user =
    { $count ->
        [one] { $who } a causé { $count } message vers d’autres domaines en 24 heures
       *[other] { $who } a causé { $count } messages vers d’autres domaines en 24 heures
    }
held-in-all =
    { $count ->
        [one] { $count } message est parti vers d’autres domaines en 24 heures
       *[other] { $count } messages sont partis vers d’autres domaines en 24 heures
    }
no-webhook = Il n’y a pas de webhook { $id }.
given-up = abandonné après deux jours : { $words }
mail-data-fault = ses données : { $reason }
kind-not-announced = le calendrier n’annonce pas ce genre de chose
nobody-known = personne n’est connu qui puisse être prévenu
renders-to-nothing = il ne reste rien de son modèle
template-failed = le modèle { $template } a échoué ({ $reason }) ; celui du programme a donc été envoyé
template-silent = le modèle { $template } n’utilise pas { $variable } ; celui du programme a donc été envoyé
recipient-hidden = la raison nommerait l’organisateur d’un événement privé
waits-for-mail-server = aucun serveur de messagerie n’est configuré ; le message à { $address } attend donc
event-was-restored = l’événement a été restauré
event-removed-again = l’événement a été supprimé de nouveau
copies-follow = des copies cachées suivent, sans les liens
confirmation-closed = aucune confirmation n’est plus nécessaire
offer-has-ended = l’offre est terminée
warning-has-ended = l’avertissement est terminé
pending-until = il sera supprimé le { $at }, sauf changement
pending-not-told = il sera supprimé une fois que son organisateur ou l’adresse de contact aura été averti et que le délai sera écoulé
no-pending = il n’y a pas de suppression en attente { $line }
moved-and-there = la réservation est maintenant dans { $target }, mais elle a été modifiée en même temps dans { $room } ; supprimez-la là-bas
mail-link-unknown = ce lien est inconnu ; copiez l’adresse entière du message
mail-link-used = ce lien a déjà été utilisé ; chacun fonctionne une seule fois
mail-link-over = ce lien a expiré : la réservation a commencé, ou le délai de réponse est écoulé
mail-link-stale = la réservation n’est plus la même qu’au moment où le message a été écrit ; rien n’a été modifié
hours-between = doit être compris entre { $least } et { $most } heures
seats-between = doit être compris entre { $least } et { $most } places
room-text-too-long =
    { $most ->
        [one] doit avoir au plus { $most } caractère, sans caractère de contrôle
       *[other] doit avoir au plus { $most } caractères, sans caractère de contrôle
    }
features-form =
    { $most ->
        [one] doit être des mots formés de a-z, 0-9 et -, d’au plus { $most } caractère chacun
       *[other] doit être des mots formés de a-z, 0-9 et -, d’au plus { $most } caractères chacun
    }
too-many-features = doit en comporter au plus { $most }
too-old-to-send = il n’a pas pu être envoyé pendant 7 jours ; `outbox retry` l’envoie tout de même
    .site = il n’a pas pu être envoyé pendant 7 jours ; « Réessayer » l’envoie tout de même

## What goes wrong between the program and the mail server; what the server itself says is quoted

smtp-not-connected = { $server } : { $fault }
smtp-no-answer =
    { $seconds ->
        [one] le serveur n’a pas répondu en { $seconds } seconde
       *[other] le serveur n’a pas répondu en { $seconds } secondes
    }
smtp-no-answer-to-message =
    { $seconds ->
        [one] pas de réponse au message en { $seconds } seconde
       *[other] pas de réponse au message en { $seconds } secondes
    }
smtp-host-is-no-name = l’hôte n’est pas un nom
smtp-ca-file = { $file } : { $fault }
smtp-ca-file-empty = il ne contient aucun certificat
smtp-ca-file-unusable = un certificat qu’il contient est illisible : { $said }
sender-no-address = l’adresse de l’expéditeur « { $address } » n’est pas une adresse e-mail
recipient-no-address = l’adresse du destinataire « { $address } » n’est pas une adresse e-mail
blind-copy-no-address = l’adresse de la copie cachée « { $address } » n’est pas une adresse e-mail
reply-no-address = l’adresse de réponse « { $address } » n’est pas une adresse e-mail
smtp-no-starttls = le serveur ne propose pas STARTTLS, et rien n’est envoyé sans
smtp-no-sign-in = le serveur ne propose aucune méthode de connexion connue (PLAIN, LOGIN)
smtp-no-utf8-addresses = le serveur n’accepte pas d’adresses au-delà de l’ASCII (SMTPUTF8)
smtp-no-copy = pas de copie cachée à { $address } : { $fault }
smtp-no-copy-left = il ne reste aucune copie cachée à envoyer

## What is said of several at once

field-fault = { $field } : { $fault }
both = { $first } ; { $rest }

## Who did something

command-line = la ligne de commande

## Why a text is no iCalendar file, and why an object cannot be edited

no-calendar-cr = Ses lignes se terminent par CR seul ; les lignes iCalendar se terminent par CRLF.
no-calendar-empty = Il est vide.
no-calendar-indented = Ses lignes sont en retrait, et dans iCalendar une ligne qui commence par une espace continue la précédente ; supprimez les espaces.
no-calendar-other = Ce n’est pas un fichier iCalendar : sa première ligne n’est pas BEGIN:VCALENDAR.
no-calendar-utf16 = Il est codé en UTF-16 ; iCalendar est en UTF-8.
no-calendar-utf32 = Il est codé en UTF-32 ; iCalendar est en UTF-8.
edit-no-date = L’événement n’a pas d’occurrence le { $when }.
edit-off-the-rule = La règle de la série ne donne pas d’occurrence à ce début.
edit-other-kind = Une série de journées entières ne peut pas devenir une série avec des heures, ni l’inverse.
edit-changes-others = Cela ne peut pas être écrit sans modifier d’autres occurrences.

## Webhooks
held-after-restore = il était en attente dans une sauvegarde restaurée, et a peut-être été envoyé depuis
no-webhooks = Aucun webhook n’est défini : WEBHOOK_URLS
webhook-gone = le destinataire n’en veut plus (410)
webhook-is-sent = le destinataire l’a déjà, ou il est en cours d’envoi
webhook-no-answer = pas de réponse : { $reason }
webhook-refused = le destinataire a répondu { $status } : { $words }
