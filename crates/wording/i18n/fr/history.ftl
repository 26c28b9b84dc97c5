### Preview, history, runs and the history of settings.

## Preview and apply

preview-title = Aperçu
preview-lead = Rien n’a encore été modifié. Décochez les événements à garder pour l’instant. Seules les modifications sélectionnées sont appliquées.
preview-empty = Aucune modification
preview-empty-text = Aucun événement n’en chevauche un autre, et il ne reste aucun événement annulé.
preview-kept-text = Ce qui se chevauche est gardé par les règles, et il ne reste aucun événement annulé.
col-event = Événement
col-would = Modification
col-why = Raison
col-told = Prévenu
col-beside = Chevauche
kind-deleted = supprimé
kind-cancelled = cette occurrence annulée
kind-leftover = retiré
and-others =
    { $count ->
        [one] Il en chevauche { $count } autre.
       *[other] Il en chevauche { $count } autres.
    }
choose-line = { $name }, { $when }
apply-chosen = Appliquer la sélection
apply-hint = Si un événement change entre-temps, sa modification est ignorée et vous en êtes informé.
apply-all =
    { $count ->
        [one] Appliquer la modification ({ $count })
       *[other] Appliquer les { $count } modifications
    }
apply-first =
    { $count ->
        [one] Appliquer la première modification ({ $count })
       *[other] Appliquer les { $count } premières modifications
    }
preview-part = Modifications { $lines } sur { $total }. Appliquez celles qui sont sélectionnées sur cette page, ou toutes.
nothing-chosen = Sélectionnez au moins une modification.
no-calendar-chosen = sélectionnez au moins un calendrier
applied-nothing = Rien n’a été supprimé.
applied-some =
    { $count ->
        [one] { $count } modification a été appliquée. Elle figure dans l’historique.
       *[other] { $count } modifications ont été appliquées. Elles figurent dans l’historique.
    }
gone-some =
    { $count ->
        [one] { $count } modification a été ignorée, car quelque chose a changé depuis l’aperçu.
       *[other] { $count } modifications ont été ignorées, car quelque chose a changé depuis l’aperçu.
    }
applied-left = Ignorées :
left-changed-since = Quelque chose a changé depuis l’aperçu.
left-failed = Le calendrier n’a pas pu être traité.
beyond-limit-title = Au-delà de la limite de sécurité
beyond-limit = Événements en chevauchement que les exécutions supprimeraient en 24 heures : { $count }. La limite de sécurité de ce calendrier est de { $limit }. Jusqu’à la confirmation d’un administrateur, les exécutions ne suppriment que les conflits qui commencent dans les 48 heures : au plus dix événements en 24 heures et pas plus que la limite. Les modifications marquées comme en attente doivent être confirmées.
waits-for-confirmation = Attend une confirmation
beyond-limit-may = Pour confirmer, examinez les modifications et appliquez-les.
beyond-limit-may-not = Demandez à un administrateur d’examiner cette page.
kept-title = Chevauchements gardés
kept-lead = Ces événements se chevauchent, mais les règles les gardent.
unreadable-title = Événements illisibles
unreadable-lead = Aucun programme ne peut interpréter ces événements. Ils restent tels quels.
warnings-title = Avertissements
warnings-lead = Ces événements sont lus, mais peut-être pas comme leurs auteurs l’entendaient.

## History

history-lead = Tout ce qui a été supprimé ou modifié, et comment le restaurer.
history-empty = Rien n’a encore été supprimé
history-empty-text = Tous les événements qu’une exécution, une personne ou un programme supprime d’un calendrier figurent ici et peuvent être restaurés.
tab-removals = Événements supprimés
tab-runs = Exécutions
tab-audit = Paramètres et connexions
search-history = Nom, organisateur ou UID
removed-lately = Supprimé :
yesterday = Hier
last-days = 7 derniers jours
removed-from = À partir du
removed-until = Jusqu’au
only-out = Seulement ce qui n’a pas été restauré
all-kinds = Tout
col-what = Modification
col-winner = Événement qui a la salle
col-when-by = Quand, et par qui
removal-deleted = Supprimé, car il en chevauche un autre
removal-cancelled = Occurrence annulée, car elle en chevauche une autre
removal-leftover = Événement annulé retiré
removal-request = Supprimé par quelqu’un
removal-date-request = Occurrence d’une série annulée par quelqu’un
removal-accepted = Invitation acceptée
removal-changed = Modifié par quelqu’un
removal-ended = Série terminée par quelqu’un
removal-replaced = Remplacé par une importation
by-api = API
by-link = par lien
by-link-as = par lien, en tant que { $address }
by-schedule = Planification
by-site = Site
by-command-line = Ligne de commande
by-hand = Manuel
way-by = { $way }, { $user }
is-back = restauré
not-confirmed = non confirmé
not-confirmed-text = La réponse du serveur à cette suppression s’est perdue. L’événement avait disparu alors que la demande pouvait encore prendre effet ; il compte donc comme supprimé par Room Booking. Il est possible que quelqu’un d’autre l’ait supprimé.
no-line = Cette entrée n’est pas dans l’historique.
no-run = Cette exécution n’est pas dans l’historique.
booked-on = réservé le { $when }
run-number = Exécution { $run }
restore-ask = Un administrateur peut le restaurer.
restore-title = Restaurer
restore-text = L’événement est remis dans le calendrier tel qu’il était.
restore-overlap = L’événement est remis dans le calendrier tel qu’il était. Les règles n’ont pas changé ; la prochaine exécution le supprimerait donc de nouveau, à moins que vous ne le protégiez.
restore-protect = Le protéger, afin qu’il reste
restore-protect-series = Protéger toute la série, avec toutes ses occurrences, afin qu’elle reste
restore = Restaurer l’événement
restored-at = Restauré le { $when } par { $user }.
cannot-restore = La restauration est impossible
private-text = L’événement est privé. Seuls son organisateur, son auteur et les administrateurs peuvent en lire le texte.
as-it-was = L’événement tel qu’il était (iCalendar)
done-restored = L’événement est restauré.
done-restored-cancelled = L’événement est restauré. Son organisateur l’avait annulé ; il n’occupe donc pas la salle.
done-restored-protected = L’événement est restauré et protégé.
runs-lead = Chaque nettoyage : comment il a été lancé, par qui, et ce qu’il a fait.
runs-empty = Aucune exécution pour l’instant
runs-empty-text = Donnez une planification à un calendrier, ou appliquez un aperçu.
all-ways = Toutes
col-run = Exécution
col-started-by = Lancée par
col-changed = Modifications
with-key = clé « { $key } »
changed-in = Événements : { $events } ; calendriers : { $calendars }
changed-nothing = aucune
is-running = en cours
is-lost = interrompue
is-confirmed = au-delà de la limite de sécurité
run-empty = Aucune modification
run-empty-text = Toutes les salles étaient en ordre.
run-empty-but = Ce qui l’en a empêchée figure plus haut.
run-empty-running = Elle est encore en cours.
run-empty-lost = Son serveur s’est arrêté ou n’a pas répondu avant la fin. Les calendriers qui ont une planification sont nettoyés de nouveau en moins d’une minute.
run-empty-unknown = Le résultat de cette exécution n’a pas été enregistré.
first-and-more = { $first } et { $more } autres
run-looked-at = Calendriers examinés : { $count }
run-calendars-title = Résultat
run-left = Ignorés, à examiner : { $count }
run-limit =
    { $count ->
        [one] Au-delà de la limite de sécurité : { $count } chevauchement attend une confirmation
       *[other] Au-delà de la limite de sécurité : { $count } chevauchements attendent une confirmation
    }
run-done = fait
run-failed = a échoué
run-failed-in = échecs : { $count }
run-limit-in = limite de sécurité atteinte : { $count }
run-left-in = avec des modifications ignorées : { $count }
audit-lead = Paramètres modifiés, connexions et demandes refusées.
audit-about = Personne, calendrier ou paramètre
col-at = Quand
col-actor = Qui
col-action = Quoi
col-subject = Sur quoi

## Who changed which setting

audit-calendar-added = calendrier ajouté
audit-calendar-assigned = accès au calendrier donné
audit-calendar-changed = calendrier modifié
audit-file-taken-in = fichier importé
audit-restored = événement restauré
audit-server-forgotten = compte de serveur supprimé
audit-message = Message
audit-parts = Modifié
audit-begins-with = Commence par
audit-yes = oui
audit-no = non
audit-all-assigned = tous les calendriers de l’utilisateur
audit-no-end = sans fin
audit-calendar-unassigned = accès au calendrier retiré
audit-invitation-made = invitation créée
audit-key-added = clé d’API créée
audit-key-renewed = clé d’API renouvelée
audit-key-revoked = clé d’API révoquée
audit-link-made = lien de réinitialisation du mot de passe créé
audit-pending-kept = suppression en attente : événement gardé
audit-decision-requested = décision demandée par l’organisateur
audit-pending-removed = suppression en attente : événement supprimé aussitôt
audit-message-discarded = message abandonné
audit-message-released = message libéré
audit-message-retried = nouvelle tentative d’envoi d’un message
audit-password-set = mot de passe défini
audit-priority-added = priorité ajoutée
audit-priority-removed = priorité retirée
audit-recovery-code-used = code de récupération utilisé
audit-recovery-codes-made = nouveaux codes de récupération générés
audit-present-password-wrong = mot de passe actuel erroné
audit-second-factor-removed = second facteur retiré
audit-second-factor-set = second facteur configuré
audit-codes-left = Codes de récupération restants
audit-access-refused = accès refusé
audit-code-failed = code erroné
audit-key-refused = clé d’API erronée
audit-sign-in-failed = échec de connexion
audit-signed-in = connecté
audit-stranger = non connecté
audit-subjects = Parmi eux
audit-times = Fois
audit-protection-added = protection ajoutée
audit-protection-removed = protection retirée
audit-secret-key-changed = SECRET_KEY modifiée
audit-server-kept = compte de serveur enregistré
audit-server-password = mot de passe de serveur défini
audit-signed-out = déconnecté partout
audit-template-added = modèle ajouté
audit-template-changed = modèle modifié
audit-template-deleted = modèle supprimé
audit-user-activated = utilisateur activé
audit-user-added = utilisateur ajouté
audit-user-changed = utilisateur modifié
audit-user-deactivated = utilisateur désactivé
audit-all-calendars = tous les calendriers
audit-command-line = ligne de commande
audit-first-administrator = le premier administrateur
audit-by-invitation = par un lien : invitation
audit-by-new-password = par un lien : réinitialisation du mot de passe
audit-identity-bound = connexion externe associée
audit-identity-removed = connexion externe retirée
audit-by-openid = avec OpenID Connect
audit-by-directory = avec l’annuaire
audit-reason = Raison
audit-address-not-verified = l’adresse e-mail n’est pas confirmée
audit-last-administrator = reste administrateur bien qu’absent du groupe, car personne d’autre ne peut se connecter comme administrateur
audit-name-taken = aucun nom d’utilisateur libre
audit-user-not-active = l’utilisateur est désactivé
audit-not-asked = pas de réponse
audit-not-proven = la preuve n’est pas valable
audit-other-identity = l’utilisateur de cette adresse a une autre connexion
audit-several-users = plusieurs utilisateurs ont cette adresse
audit-unknown-person = aucun utilisateur n’a cette adresse
audit-administrator = administrateur
audit-ordinary = utilisateur ordinaire
audit-active = actif
audit-not-active = désactivé
audit-for = pour { $users }
audit-on = { $user } sur { $host }
audit-database-copied = base de données copiée de SQLite
audit-database-restored = sauvegarde restaurée
