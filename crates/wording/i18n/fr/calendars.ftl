### The start page and the list of calendars.

## Start

tasks-title = À traiter
no-tasks = Rien. Toutes les salles sont en ordre.
no-tasks-yet = Rien pour l’instant.
all-of-them =
    { $count ->
        [one] Afficher ({ $count })
       *[other] Afficher les { $count }
    }
task-failing = Ces calendriers sont injoignables
task-confirm = Exécutions qui attendent une confirmation
task-conflicts = Doubles réservations non résolues
task-unfinished = Séries modifiées en partie : leurs dates figurent en double
task-new = Salles pas encore examinées : ouvrez leur aperçu
task-mail = E-mail
task-failed-messages =
    { $count ->
        [one] { $count } message n’a pas pu être remis
       *[other] { $count } messages n’ont pas pu être remis
    }
task-pending-count =
    { $count ->
        [one] { $count } réservation sera supprimée
       *[other] { $count } réservations seront supprimées
    }
task-pending-untold =
    { $count ->
        [one] pour { $count } d’entre elles, personne n’a encore été averti
       *[other] pour { $count } d’entre elles, personne n’a encore été averti
    }
task-pending-asked =
    { $count ->
        [one] { $count } organisateur demande une décision
       *[other] { $count } organisateurs demandent une décision
    }
task-keys = Clés d’API qui expirent
task-no-mail-server = Aucun serveur de messagerie n’est configuré
task-no-mail-server-detail = Personne n’est prévenu de ce qui a été supprimé. Définissez SMTP_SERVER et SMTP_EMAIL là où le serveur est démarré, puis redémarrez-le.
steps-title = Premiers pas
steps-lead = Les étapes conseillées pour une nouvelle installation.
step-done = fait
step-calendar = Ajouter la première salle
step-calendar-text = Chaque salle est un calendrier. Il est intégré, ou il se trouve sur votre serveur de calendriers.
step-schedule = Nettoyer automatiquement
step-schedule-text = Vérifiez dans l’aperçu ce qui serait supprimé. Définissez ensuite une planification dans les paramètres du calendrier.
step-mail = Prévenir de ce qui a été supprimé
step-mail-text = Configurez un serveur de messagerie pour Room Booking, et sélectionnez un modèle dans les paramètres de chaque calendrier. Les personnes dont la réservation est supprimée reçoivent alors un e-mail.
step-people = Inviter un collègue
step-people-text = Quelqu’un devrait pouvoir s’occuper des salles pendant votre absence.
step-keys = Connecter un écran de porte ou un script
step-keys-text = Les programmes réservent et nettoient avec une clé d’API.

## Calendars

add-calendar = Ajouter un calendrier
no-calendars = Aucune salle pour l’instant
no-calendars-text = Ajoutez un calendrier. Il peut être intégré ou se trouver sur votre serveur de calendriers.
no-calendars-of-yours = Vous n’avez accès à aucun calendrier
no-calendars-of-yours-text = Demandez à un administrateur l’accès aux salles que vous gérez.
calendars-in-all = Calendriers : { $count }
search-calendars = Nom d’une salle
filter-state = État
filter-all = Tous
filter-failing = Injoignables
filter-confirm = Attendent une confirmation
filter-conflicts = Ont des doubles réservations
filter-unscheduled = N’ont pas de planification
col-calendar = Calendrier
col-state = État
col-last = Dernière exécution
col-next = Prochaine exécution
built-in = intégré
on-a-server = sur votre serveur de calendriers
when-changed = en cas de modification
never-by-itself = pas de planification
state-fails = En échec depuis { $since }
state-fetching = Récupération en cours : { $fetched } sur { $total }
state-confirm =
    { $count ->
        [one] Attend une confirmation : { $count } événement
       *[other] Attend une confirmation : { $count } événements
    }
state-new = Pas encore examiné
state-clear = Aucune double réservation
state-conflicts =
    { $count ->
        [one] { $count } double réservation
       *[other] { $count } doubles réservations
    }
state-kept =
    { $count ->
        [one] { $count } chevauchement gardé
       *[other] { $count } chevauchements gardés
    }
as-of = état : { $when }
new-built-in = Calendrier intégré
new-built-in-text = Ses événements sont dans la base de données de Room Booking. Vous n’avez pas besoin d’un serveur de calendriers.
new-built-in-button = Créer le calendrier
calendar-name = Nom de la salle
calendar-name-hint = Tel qu’on la connaît, par exemple Salle de réunion 1.
calendar-slug = Nom dans les URL
calendar-slug-hint = Minuscules, chiffres et traits d’union, par exemple salle-de-reunion-1. Les programmes utilisent ce nom, et il ne peut plus être modifié. Si ce champ est vide, il est formé à partir du nom de la salle.
calendar-zone = Fuseau horaire
done-calendar-added = Calendrier ajouté. Vérifiez ses paramètres ci-dessous.

## Calendar servers

new-on-server = Calendrier sur votre serveur de calendriers
new-on-server-text = Nextcloud, SOGo, Radicale ou tout autre serveur CalDAV. Ses calendriers sont trouvés automatiquement.
servers-title = Serveurs de calendriers
servers-lead = Les comptes par serveur. Connectez-vous, et choisissez parmi les calendriers trouvés.
add-server = Se connecter à un serveur
find-calendars = Rechercher les calendriers
server-address = Adresse
server-address-hint = Ce que vous en connaissez : cloud.example.org, l’adresse dans le navigateur, ou une adresse e-mail.
server-user = Utilisateur
app-password = Mot de passe
app-password-hint = Sur Nextcloud, un mot de passe d’application : Paramètres, Sécurité. Il est stocké chiffré.
server-sign-in = Mode de connexion
sign-in-password = Nom d’utilisateur et mot de passe
sign-in-token = Jeton
plain-http = Autoriser http sans chiffrement vers une autre machine
plain-http-hint = Le mot de passe peut être lu en chemin. Seulement dans un réseau de confiance.
may-not-be-empty = ne doit pas être vide
server-not-found = Calendriers introuvables
server-refused = le mot de passe est refusé
no-server = Ce compte n’existe pas.
server-calendars = Calendriers sur le serveur
nothing-found = Aucun calendrier trouvé
nothing-found-text = Partagez avec lui le calendrier de la salle sur le serveur, avec le droit de modification.
takes-no-events = n’accepte pas d’événements
may-be-changed = modifiable
read-only = lecture seule
shared-in = partagé avec ce compte
is-here-already = déjà présent
take-on = Ajouter les calendriers sélectionnés
server-password-text = S’il a été modifié sur le serveur. Il sert pour tous les calendriers de ce compte.
to-server = Aller au compte
try-connection = Tester la connexion
try-again = Tester de nouveau
connection-title = Test de connexion
connection-good = Tout fonctionne.
connection-lead = Ce qui fonctionne, et ce qu’il faut corriger.
finding-good = fonctionne
finding-warning = à vérifier
finding-bad = ne fonctionne pas
done-calendars-added = Les calendriers sont ajoutés. Leurs événements sont en cours de récupération.
done-server-password = Mot de passe enregistré. Il est utilisé désormais.
