### The page / and the frame of the API documentation, which need no sign-in. What is between backticks is shown as code.

home-description = Supprime les doubles réservations et les événements annulés des calendriers des salles de réunion.
home-title = Une salle, une seule réunion à la fois.
home-lead = Une salle de réunion est un calendrier, et dans un calendrier deux personnes peuvent réserver la même heure. Room Booking trouve les doubles réservations et les événements annulés, décide selon des règles documentées qui garde la salle, et peut restaurer tout ce qu’il a supprimé.
home-api = Documentation de l’API

home-example-room = Salle de réunion 1
home-example-day = Lundi 2 mars
home-example-first = Conseil
home-example-second = Entretien
home-example-third = Point
home-example-stays = réservé avant : reste
home-example-removed = réservé après : supprimé
home-example-touches = se touchent

home-usage = L’utiliser depuis un script
home-usage-text = Il vous faut une clé d’API ; un administrateur ou vous-même la créez sous « Clés d’API » après connexion. Mettez-la dans une variable, et les commandes ci-dessous fonctionnent telles quelles. Adaptez le nom de la salle et les dates.
home-usage-key = Définir la clé
home-usage-key-value = collez votre clé ici
home-calendars = Lister les salles
home-calendars-text = Les calendriers que votre clé atteint, avec les noms qu’utilisent les autres appels.
home-book = Réserver une salle
home-book-text = La réponse est `201` avec l’`id` de l’événement. Les heures sans décalage sont dans le fuseau horaire de la salle ; deux dates sans heure font un événement d’une journée entière. Avec `only_if_free=1` dans la requête, rien n’est réservé si la salle est prise.
home-list = Voir qui a la salle
home-list-text = Tous les événements d’une période, chaque date d’une série séparément. Sans `start` ni `end` : les 30 prochains jours.
home-delete = Supprimer une réservation
home-delete-text = `ID` est l’`id` donné à la réservation, ou un UID du calendrier. La réponse est `204`. Aucun e-mail n’est envoyé, et un administrateur peut restaurer l’événement.
home-clear = Supprimer les doubles réservations
home-clear-text = D’abord en mode test : rien n’est modifié, aucun e-mail n’est envoyé, et vous voyez ce qui serait supprimé. Ensuite pour de bon. Ajoutez `calendar=meeting-room-1` pour une seule salle.
home-clear-test = aperçu
home-clear-real = nettoyer

home-answers = Ce que signifient les réponses
home-answers-text = La réponse à un nettoyage contient une liste par sorte de résultat. Chaque entrée nomme l’événement, son calendrier et, s’il y en a un, l’événement qui garde la salle.
home-deleted-cancelled = Les événements annulés qui étaient encore dans le calendrier.
home-deleted-overlapping = Les événements simples qui ont perdu la salle.
home-cancelled-overlapping = Les dates d’une série qui ont perdu la salle ; les autres restent.
home-ignored-overlapping = Les chevauchements conservés, avec la raison (`reason`).
home-ignored-cancelled = Les événements annulés qui n’ont pas pu être supprimés pour le moment.
home-unreadable = Les objets illisibles. Ils ne sont pas modifiés.
home-failed = Les calendriers inaccessibles. Les autres ont été traités.

home-status = Codes d’état
home-status-code = Code
home-status-meaning = Signification
home-status-done = Fait ; réservé ; supprimé.
home-status-invalid = Pas du JSON ; une valeur est incorrecte. Rien n’a été modifié.
home-status-key = Pas de clé valide ; la clé ne le permet pas.
home-status-missing = Pas d’événement de ce nom, ou pas de calendrier de ce nom pour cette clé.
home-status-taken = La salle est prise (`only_if_free`).
home-status-many = Trop de clés incorrectes ; attendez comme l’indique `Retry-After`.
home-status-failed = Tous les calendriers de ce nettoyage ont échoué.
home-status-error = Une erreur est du `application/problem+json` ; son `detail` dit ce qui n’allait pas.

home-rules = Qui garde la salle
home-rule-ahead = Seul l’avenir compte
home-rule-ahead-text = Un nettoyage porte sur la période de maintenant à l’horizon du calendrier, en général un an. Le passé n’est pas modifié. Deux événements qui se touchent ne se chevauchent pas.
home-rule-cancelled = Les événements annulés sont supprimés
home-rule-cancelled-text = Ce qui est marqué comme libre, ou que la salle a refusé, ne prend la salle à personne.
home-rule-priority = La priorité, puis l’ordre d’arrivée
home-rule-priority-text = De deux événements qui se chevauchent, celui qui est prioritaire garde la salle ; sinon, celui qui a été créé en premier. Les administrateurs donnent la priorité par organisateur, par un texte dans le nom, ou à un seul événement.
home-rule-winner = Seul un gagnant évince
home-rule-winner-text = Un événement n’est supprimé que pour un autre qui garde la salle, jamais pour un événement qui est lui-même supprimé.
home-rule-series = Une série perd une date
home-rule-series-text = Un événement simple est supprimé. D’une série, seule la date qui chevauche est annulée.
home-rule-kept = Certains événements sont conservés
home-rule-kept-text = Ceux qui ont commencé (`started`), sont protégés (`protected`), se chevauchent à peine (`tolerated`) ou sont marqués comme libres (`free`). Si trop d’événements devaient être supprimés d’un coup (`limit`), rien n’est supprimé avant confirmation.
home-note = Rien n’est perdu : les événements supprimés restent dans l’historique, et un administrateur peut les restaurer. La date de création et l’organisateur sont écrits par le programme qui a fait la réservation : les priorités comptent sur l’équité entre collègues.
home-at = Room Booking à l’adresse { $address }

docs-title = Room Booking : documentation de l’API
docs-key = Saisissez une fois votre clé d’API sous « Authorize » ; elle est conservée jusqu’à la fermeture de la page.
docs-scripts = Cette page a besoin de scripts. Son document est `/api/openapi.json` ; la page d’accueil montre les appels avec curl.
