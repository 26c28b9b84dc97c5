### Templates and messages.

## Mail

done-template-deleted = Modèle supprimé.
done-message-released = Le message est libéré.
done-message-retried = Une nouvelle tentative d’envoi a lieu.
done-pending-kept = L’événement est gardé.
done-pending-removed = L’événement est en cours de suppression.
done-message-discarded = Le message est abandonné.
templates-title = Modèles
templates-lead = Le contenu des e-mails envoyés lorsqu’une exécution a supprimé quelque chose.
new-template = Nouveau modèle
template-name = Nom
template-subject = Objet
template-text = Texte
template-html = HTML
template-html-hint = Pour les messageries qui l’affichent. Si ce champ est vide, l’e-mail est en texte brut.
template-used-by = Calendriers qui l’utilisent
template-used-by-many =
    { $count ->
        [one] { $count } calendrier
       *[other] { $count } calendriers
    }
template-unused = aucun
template-not-saved = Il n’est pas encore enregistré : il contient une erreur.
brought = intégré
brought-text = Ce modèle est intégré et mis à jour avec Room Booking. Pour le modifier, créez une copie.
make-a-copy = Créer une copie
copy = Copier
copy-of = Copie de { $name }
no-such-template = Ce modèle n’existe pas.
delete-template = Supprimer le modèle
sample-label = Événement d’exemple
show-preview = Afficher l’aperçu
preview-of-mail = Aperçu
renders-to-nothing = Il n’en reste rien dans ce cas ; aucun e-mail ne serait donc envoyé.
send-test = Envoyer un e-mail de test
send-test-hint = L’e-mail de test n’est envoyé qu’à votre propre adresse.
test-sent = L’e-mail de test est en cours d’envoi à { $address }.
test-no-address = Vous n’avez pas encore d’adresse e-mail. Un administrateur la définit sous Utilisateurs.
test-failed = L’e-mail de test n’a pas pu être envoyé : { $reason }
variables-title = Variables disponibles
variables-lead = Entre doubles accolades, par exemple {"{{"} name {"}}"}. Les conditions et les boucles sont celles de Jinja2 : {"{"}% if is_recurring %{"}"} … {"{"}% endif %{"}"}.
variable-name = Le nom de l’événement.
variable-times = Son début et sa fin. On peut les mettre en forme : {"{{"} start.strftime('%d %B %Y, %H:%M') {"}}"}.
variable-created = Quand il a été réservé. Peut être inconnu.
variable-organizer = L’adresse e-mail de la personne qui l’a réservé.
variable-is-deleted = Il a été supprimé.
variable-is-cancelled = Il a été annulé : une occurrence par cette exécution, ou le tout auparavant par son organisateur.
variable-is-recurring = C’est une occurrence d’une série.
variable-is-private = Son nom est caché au destinataire du message ; name vaut alors Private.
variable-is-prioritized = Il est prioritaire (is_prioritized est identique).
variable-is-deprioritized = Il a perdu face à un événement prioritaire bien qu’il ait été réservé en premier.
variable-is-restored = Il a été restauré.
variable-is-ignored = Il a été gardé, et pourquoi.
variable-is-warning = Il sera supprimé, et quand.
variable-is-warning-ended = Il ne sera finalement pas supprimé, et pourquoi.
variable-is-winner = Dans un avertissement : l’événement du destinataire est celui qui reste.
variable-is-offer = Sa salle est de nouveau libre, et jusqu’à quand le destinataire peut la reprendre.
variable-links = Ce que le destinataire peut faire sans se connecter : give_up, ask, restore et all_dates sont des adresses ou none ; move est une liste dont chaque élément a room et url.
variable-free-rooms = Les salles libres pendant toute la durée. Chacune a name et url, qui peut être none.
variable-contact = L’adresse de contact du calendrier. Peut être none.
variable-time-zone = Le nom du fuseau horaire du calendrier.
variable-because = Pourquoi l’événement du destinataire est le plus fort : comme pour overlap_events. Seulement lorsque deux événements prioritaires sont gardés et que les deux parties reçoivent un message, sinon none.
variable-overlap-events = Les événements qui gardent la salle. Chacun a name, start, end, created, organizer, is_priorized, et because : rule, winner_since, loser_since et witnessed, ou none.
variable-occurrences = Toutes les occurrences de la série que cette exécution a supprimées. Chacune a start, end, overlap_events.
variable-calendar-name = Le nom de la salle.
outbox-title = Boîte d’envoi
outbox-empty = Aucun message pour l’instant
outbox-empty-text = Lorsqu’une exécution supprime quelque chose d’un calendrier qui a un modèle, le message figure ici.
col-to = À
col-about = Motif
about-removed = Une suppression
about-kept = Un chevauchement a été gardé
about-restored = Un événement a été restauré
about-confirmation = Une exécution attend une confirmation
about-fails = Un calendrier est en échec
about-works = Un calendrier fonctionne de nouveau
about-warning = Un événement sera supprimé
about-offer = Une salle est de nouveau libre
about-warning-ended = Un avertissement est terminé
about-conflicts = Des conflits sont signalés
about-held = Des messages sont retenus
about-monthly-report = Rapport mensuel
caused-by = causé par { $who }
caused-by-key = causé par { $who } avec la clé { $key }
next-try = prochaine tentative { $when }
waits-for-mail-server = dès qu’un serveur de messagerie est configuré
retry = Réessayer
release = Libérer
discard = Abandonner
mail-waiting = attend d’être envoyé
mail-gathered = conservé pour le prochain message sur la série
mail-joined = parti avec un autre message
mail-held = retenu : libérez-le ou abandonnez-le
mail-over-limit = non envoyé : l’adresse avait assez reçu ce jour-là
mail-refused = non envoyé : il n’est pas permis d’écrire à cette adresse
mail-sent = envoyé
mail-failed = échoué
mail-discarded = abandonné

## Samples of what a mail tells

sample-cancelled-leftover = Événement annulé retiré
sample-cancelled-occurrence = Occurrence annulée
sample-cancelled-series = Série annulée retirée
sample-creation-not-known = Création inconnue
sample-deleted = Supprimé
sample-deprioritised = Perdu face à une priorité
sample-hostile-name = Nom avec des caractères spéciaux
sample-kept = Gardé
sample-kept-in-series = Gardé, dans une série
sample-many-occurrences = De nombreuses occurrences
sample-nobody-known = Ni organisateur, ni nom
sample-prioritised-winner = Gagnant prioritaire
sample-restored = Restauré
sample-restored-in-series = Restauré dans une série
sample-seen = Ordre enregistré par Room Booking
sample-created-earlier = Créé plus tôt
sample-by-id = Créé au même moment
sample-private-winner = Gagnant privé
sample-several-occurrences = Plusieurs occurrences
sample-several-overlaps = Plusieurs chevauchements
sample-warning = Avertissement
sample-warning-of-dates = Avertissement : plusieurs occurrences
sample-warning-to-winner = Avertissement : à celui qui reste
sample-warning-gone = Fin d’avertissement : déplacé ou annulé
sample-warning-kept = Fin d’avertissement : gardé
sample-warning-settled = Fin d’avertissement : à celui qui reste
sample-offer = Offre : la salle est de nouveau libre
sample-offer-of-dates = Offre : occurrences d’une série
sample-listed-dates = 52 occurrences, avec un lien vers la liste
sample-free-rooms = Supprimé, et d’autres salles sont libres
sample-whole-days = Journées entières
sample-whole-series = Série entière supprimée
sample-restored-called-off = Restauré, mais annulé par son organisateur
sample-kept-stronger = Gardé, les deux prioritaires, et celui du destinataire est le plus fort
sample-left-prioritised = Gardé, les deux prioritaires

## Webhooks
done-webhook-discarded = Le webhook est abandonné.
done-webhook-retried = Le webhook est envoyé de nouveau.
done-webhook-test = Le test est envoyé.
webhook-attempts =
    { $count ->
        [one] { $count } tentative
       *[other] { $count } tentatives
    }
webhook-held = retenu : il était en attente dans une sauvegarde restaurée
webhook-not-set = une adresse qui n’est plus définie
webhook-payload = Contenu
webhook-released = Une salle a été rendue
webhook-send-test = Envoyer un webhook de test
webhook-sent = reçu
webhook-test = Test
webhooks-empty = Aucun webhook pour l’instant
webhooks-empty-text = Lorsque quelque chose est supprimé, restauré, annoncé par un avertissement ou échoue, le webhook figure ici.
webhooks-none = Aucune adresse n’est définie. WEBHOOK_URLS et WEBHOOK_SECRET indiquent où vont les webhooks.
webhooks-title = Webhooks
webhooks-to = Les webhooks vont à :
