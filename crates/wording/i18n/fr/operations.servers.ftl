### What is said about calendar servers: failures, findings of the connection test, and how a kind of server differs.

## What a calendar's server does not do

answered-403 = Il a répondu 403 Forbidden.
answered-403-with = 403 : { $words }
calendar-address-wrong = L’adresse du calendrier n’est pas valable : { $reason }
calendar-elsewhere = L’adresse du calendrier est sur { $at }, mais son compte est sur { $of }, et son mot de passe n’est envoyé à aucun autre serveur ; retirez le calendrier ici et ajoutez-le de nouveau.
calendar-gone = Il n’y a plus de calendrier à { $address } ; vérifiez s’il a été déplacé ou supprimé, ou s’il n’est plus partagé avec { $user }.
calendar-trashed = Le calendrier a été supprimé sur le serveur et se trouve dans sa corbeille ; restaurez-le là-bas, ou retirez ici le calendrier { $calendar }.
hidden-beside = De l’événement qui a la salle, le serveur ne montre à ce compte qu’une partie (CLASS:CONFIDENTIAL) ; utilisez le compte du propriétaire du calendrier.
hidden-part = Le serveur n’en montre à ce compte qu’une partie (CLASS:CONFIDENTIAL) ; utilisez le compte du propriétaire du calendrier.
listed-not-given = On ne sait pas si la salle est libre : le serveur énumère l’événement { $object }, mais ne le fournit pas ({ $reason }) ; rendez-le lisible pour ce compte, ou supprimez-le sur le serveur, puis réessayez.
none-given-away =
    { $count ->
        [one] Le serveur ne fournit pas l’événement demandé ({ $count }) : { $reason }
       *[other] Le serveur ne fournit aucun des { $count } événements : { $reason }
    }
of-host = { $host } : { $reason }
password-not-kept = a été essayé et n’a pas été enregistré : { $reason }
password-refused = { $host } n’accepte pas le mot de passe de { $user } ; il n’est pas réessayé tant qu’il n’est pas redéfini : room-booking account set { $account } --password-stdin (sur Nextcloud, avec un mot de passe d’application)
    .site = { $host } n’accepte pas le mot de passe de { $user } ; il n’est pas réessayé tant qu’il n’est pas redéfini sous Serveurs de calendriers (sur Nextcloud, avec un mot de passe d’application)
password-unreadable = { $reason } ; restaurez la clé secrète, ou saisissez de nouveau le mot de passe du compte { $account } : room-booking account set { $account } --password-stdin
    .site = { $reason } ; restaurez la clé secrète, ou saisissez de nouveau le mot de passe du compte sous Serveurs de calendriers
server-refused = Le serveur de calendriers a refusé : { $reason }
sign-in-refused = { $host } n’accepte pas le nom d’utilisateur { $user } avec ce mot de passe ; sur Nextcloud, utilisez un mot de passe d’application (Paramètres, Sécurité).

## Why a CalDAV request failed; the host stands before it unless the message names the server itself

caldav-says = {" "}(il indique : { $words })
caldav-bad-answer = La réponse du serveur est illisible : { $what }
caldav-changed = L’objet a été modifié entre-temps sur le serveur ; relisez-le.
caldav-connect = Aucune connexion au serveur : { $server } ; vérifiez l’adresse et le port, et si un pare-feu se trouve entre les deux.
caldav-dns = Le nom du serveur est inconnu : { $server } ; vérifiez son orthographe.
caldav-exists = Il y a déjà un objet de ce nom.
caldav-forbidden = Le serveur ne le permet pas{ $says } ; donnez au compte l’accès au calendrier, avec le droit de modification.
caldav-interrupted = La connexion a été coupée avant que la réponse soit complète : { $what }
caldav-invalid-url = Ce n’est pas l’adresse d’un serveur de calendriers : { $what }
caldav-not-found = Il n’y a rien à cette adresse ; vérifiez l’adresse du calendrier.
caldav-nothing-found = Aucun calendrier n’a été trouvé ; essayé : { $steps } ; saisissez l’adresse que la documentation du serveur indique pour CalDAV.
caldav-plain-http = { $host } serait interrogé sans chiffrement ; utilisez une adresse https, ou ajoutez --allow-plain-http si le réseau entre les deux est le vôtre.
    .site = { $host } serait interrogé sans chiffrement ; utilisez une adresse https, ou autorisez http sans chiffrement si le réseau entre les deux est le vôtre.
caldav-redirect-not-followed = Le serveur a répondu par une redirection qu’une telle requête ne peut pas suivre.
caldav-redirect-to-another = Le serveur redirige vers un autre, { $to }, auquel le mot de passe n’est pas donné ; si c’est le bon, saisissez cette adresse.
caldav-redirect-to-plain-http = Le serveur redirige vers une adresse sans chiffrement, { $to }, où le mot de passe n’est pas envoyé ; vérifiez comment le serveur se nomme derrière son proxy.
caldav-redirect-too-often = Le serveur redirige sans cesse, en dernier lieu vers { $to }
caldav-refused = Le serveur a refusé avec le statut { $status }{ $says }
caldav-settings = Les paramètres de connexion sont inutilisables : { $what }
caldav-sign-in-unsupported = Le serveur demande une connexion avec { $schemes } ; Basic, Bearer et Digest (RFC 7616, avec MD5 ou SHA-256 et qop=auth) sont pris en charge : activez-y l’un d’eux.
caldav-timeout-connect = Le serveur a mis trop de temps : aucune connexion n’a abouti à temps ; fonctionne-t-il, et est-il joignable ?
caldav-timeout-first-byte = Le serveur a mis trop de temps : sa réponse n’a pas commencé à temps.
caldav-timeout-idle = Le serveur a mis trop de temps : sa réponse s’est arrêtée au milieu.
caldav-timeout-total = Le serveur a mis trop de temps : sa réponse ne s’est pas terminée à temps.
caldav-tls = Le certificat du serveur ou son TLS n’est pas accepté : { $server } ; pour le certificat de votre propre autorité, définissez CALDAV_CA_FILE avec un fichier contenant le certificat de cette autorité.
caldav-too-large = La réponse du serveur est plus longue que { $bound } octets ; davantage n’est pas lu à la fois.
caldav-too-many-requests = Les requêtes à ce serveur sont suspendues pendant { $seconds } secondes, car il a répondu 429 Too Many Requests{ $says }. Après des échecs de connexion, les serveurs bloquent des adresses IP : si des mots de passe étaient faux, attendez, ou exécutez sur Nextcloud `occ security:bruteforce:reset` avec l’adresse de cette machine.
caldav-trashed = Le calendrier a été supprimé sur le serveur et se trouve dans sa corbeille ; restaurez-le là-bas, ou retirez-le ici.
caldav-uid-conflict = Le calendrier contient un autre objet avec le même UID{ $says }
caldav-unavailable = Le serveur ne peut pas répondre pour le moment (statut { $status }){ $says } ; une nouvelle tentative aura lieu plus tard.
caldav-unauthorized = Le serveur n’accepte pas le nom d’utilisateur ou le mot de passe ; saisissez-les de nouveau, sur Nextcloud un mot de passe d’application. Les requêtes avec ce compte sont suspendues d’ici là, car les serveurs bloquent des adresses IP après des échecs de connexion.
caldav-withdrawn = La modification n’a pas été envoyée, car la décision correspondante est trop ancienne.

## What exactly is wrong: within the failures of CalDAV requests

caldav-hint = {" "}({ $hint })
caldav-says-and-hint = {" "}(il indique : { $words } ; { $hint })
hint-no-right = l’objet existe, mais le compte n’a pas le droit de le modifier
hint-signatures = il demande sans cesse une nouvelle signature
hint-too-large = il ne dit pas pourquoi ; l’objet est peut-être trop volumineux
answer-compression = Elle ne peut pas être décompressée.
answer-cut-calendar = L’objet iCalendar s’arrête au milieu.
answer-empty-multistatus = C’est un multistatus vide.
answer-no-activities = Ce n’est pas une réponse de l’application Activity.
answer-no-calendar = Ce n’est pas de l’iCalendar.
answer-no-multistatus = Elle a le statut { $status } au lieu de 207.
answer-page-to-write = Une écriture a reçu une page web en réponse.
answer-partial = Elle n’énumère qu’une partie du calendrier.
answer-silent = Elle ne dit rien de ce qui était demandé.
answer-status-to-get = Un GET a reçu le statut { $status }.
answer-status-to-write = Une écriture a reçu le statut { $status }.
answer-xml-unfinished = Son XML n’a pas de fin.
xml-doctype = Elle contient un DOCTYPE, ce qu’aucune réponse d’un serveur de calendriers n’a.
xml-entity = Elle contient une entité non définie : { $entity }
xml-malformed = Ce n’est pas du XML bien formé : { $problem }
xml-no-element = Ce n’est pas du XML bien formé : il ne commence pas par un élément.
xml-no-utf8 = Elle n’est pas en UTF-8.
xml-other-root = Ce n’est pas un DAV:multistatus mais { $root }.
xml-second-root = Ce n’est pas du XML bien formé : il y a une seconde racine.
xml-too-deep = Ses éléments sont imbriqués sur plus de { $depth } niveaux.
xml-too-many = Elle énumère plus de { $most } objets.
xml-unfinished = Elle s’arrête au milieu.
url-beginning = Elle ne commence ni par https:// ni par http://.
url-blank = Elle est vide ou contient des espaces.
url-no-host = Elle ne nomme aucun hôte.
url-password = Le nom d’utilisateur et le mot de passe n’ont pas leur place dans l’adresse.
url-path = Le chemin de l’objet n’est pas valable.
url-scheme = { $scheme } n’est pas pris en charge, seulement https et http.
url-user-name = Le nom d’utilisateur n’a pas sa place dans l’adresse.
ca-file-no-certificate = Le fichier de CALDAV_CA_FILE ne contient aucun certificat PEM.
ca-file-no-pem = Le fichier de CALDAV_CA_FILE n’est pas au format PEM.
object-status = le serveur répond pour lui avec le statut { $status }
object-elsewhere-missing = une autre réponse dit qu’il n’existe pas

## What discovery tried: an address, and what came of it

discovery-step = { $address } ({ $outcome })
discovery-calendar = un calendrier
discovery-elsewhere = ses calendriers sont sur un autre serveur, { $to }
discovery-holds =
    { $count ->
        [one] elle contient { $count } calendrier
       *[other] elle contient { $count } calendriers
    }
discovery-homes = ses calendriers sont dans { $paths }
discovery-no-homes = ne nomme aucun emplacement de calendriers
discovery-no-service = pas de service CalDAV, ou ne dit pas qui vous êtes
discovery-nobody = ne dit pas qui vous êtes
discovery-nothing = il n’y a rien
discovery-principal = vous êtes { $path }
discovery-silent = ne dit rien d’elle-même
discovery-status = statut { $status }

## What the test of a calendar's connection finds

answers-organizers = il répond lui-même aux organisateurs
answers-no-organizers = il ne répond pas aux organisateurs : ils ne reçoivent que les e-mails d’ici
audited-clean = La copie des événements a été comparée pour la dernière fois avec celle du serveur le { $when } : aucune différence.
audited-mended =
    { $count ->
        [one] La copie des événements a été comparée pour la dernière fois avec celle du serveur le { $when } : { $count } événement différait et a été récupéré ou retiré ; si cela se reproduit, vérifiez si le serveur a été restauré d’une sauvegarde.
       *[other] La copie des événements a été comparée pour la dernière fois avec celle du serveur le { $when } : { $count } événements différaient et ont été récupérés ou retirés ; si cela se reproduit, vérifiez si le serveur a été restauré d’une sauvegarde.
    }
built-in = Le calendrier est conservé ici.
clock-ahead =
    { $seconds ->
        [one] L’horloge du serveur avance de { $seconds } seconde sur celle de cette machine ; réglez les deux par NTP, car les événements sont classés d’après leur création.
       *[other] L’horloge du serveur avance de { $seconds } secondes sur celle de cette machine ; réglez les deux par NTP, car les événements sont classés d’après leur création.
    }
clock-behind =
    { $seconds ->
        [one] L’horloge du serveur retarde de { $seconds } seconde sur celle de cette machine ; réglez les deux par NTP, car les événements sont classés d’après leur création.
       *[other] L’horloge du serveur retarde de { $seconds } secondes sur celle de cette machine ; réglez les deux par NTP, car les événements sont classés d’après leur création.
    }
failing-since = Les exécutions échouent depuis le { $since }, en dernier lieu avec : { $failure }
also-calendar = C’est sur le serveur le même calendrier que { $calendar } ; retirez ici l’un des deux.
conditions-honoured = Un test a montré que le serveur refuse d’écraser ou de supprimer ce qui a été modifié entre-temps.
conditions-ignored = Un test n’a pas montré que le serveur refuse d’écraser ou de supprimer ce qui a été modifié entre-temps ; Room Booking relit chaque événement juste avant de l’écrire.
conditions-untested = On ne sait pas si le serveur refuse d’écraser ou de supprimer ce qui a été modifié entre-temps, et un test n’a pas été possible ; Room Booking relit chaque événement juste avant de l’écrire.
is-no-calendar = { $address } n’est pas un calendrier ; vérifiez son adresse.
may-all = Le compte peut lire, modifier, supprimer et créer des événements.
may-not = Il manque au compte des droits : { $rights }. Demandez au propriétaire de partager le calendrier avec le droit de modification.
may-not-change = modifier des événements
may-not-create = créer des événements
may-not-delete = supprimer des événements
may-not-read = lire des événements
no-sync-collection = Le serveur n’a pas de sync-collection (RFC 6578) : toutes les versions sont énumérées dès que quelque chose a changé.
not-fetched-yet = Ses événements n’ont pas encore été récupérés : room-booking calendar sync { $calendar }
    .site = Ses événements n’ont pas encore été récupérés ; la prochaine exécution s’en charge.
other-zone = Le fuseau horaire du serveur est { $theirs }, et ici c’est { $ours } ; modifiez-le avec : room-booking calendar set { $calendar } --zone { $theirs }
    .site = Le fuseau horaire du serveur est { $theirs }, et ici c’est { $ours } ; modifiez-le dans les paramètres.
rights-unknown = Le serveur ne dit pas ce que le compte peut faire ; la première exécution le montrera.
server-is = Le serveur est { $server } ; { $scheduling }.
shared-in = Son propriétaire le partage avec le compte : certains serveurs cachent les événements privés, et les événements confidentiels restent ; utilisez le compte du propriétaire si cela importe.
signs-in = { $user } se connecte à { $address }, et le calendrier est là.
takes-no-events = Il n’accepte pas d’événements, seulement { $components }.

## What a kind of server does in its own way

quirk-activity = Son application Activity indique qui a réservé, lorsqu’un événement ne le dit pas.
quirk-deletes-changed = Il supprime des objets qui ont été modifiés entre-temps ; Room Booking relit chacun juste avant de le supprimer.
quirk-etags-repeat = Les versions d’objets supprimés puis recréés se répètent ; Room Booking compare les objets eux-mêmes.
quirk-forgets-silently = Il ne dit pas quand il a oublié ce qui a été modifié ; Room Booking compare alors toutes les versions.
quirk-gone-is-changed = Il répond à la suppression d’un objet disparu comme si celui-ci avait été modifié ; Room Booking vérifie ce qu’il en est.
quirk-hides-parts = Il ne montre les événements confidentiels qu’en partie à ceux avec qui un calendrier est partagé ; Room Booking les garde, sauf si le compte est celui du propriétaire.
quirk-no-version-after-inviting = Il n’indique pas la nouvelle version après l’envoi d’invitations ; Room Booking relit alors l’objet.
quirk-overwrites-changed = Il écrase des objets qui ont été modifiés entre-temps ; Room Booking relit chacun juste avant de l’écrire.
quirk-overwrites-existing = Il écrase des objets existants par de nouveaux ; Room Booking vérifie d’abord.
quirk-rewrites = Il réécrit ce qu’il enregistre ; Room Booking relit les objets après les avoir écrits.
