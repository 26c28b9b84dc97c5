### What a room is like, who has access to it, and removing what was set up.

## The room

group-place = Lieu et équipement
group-place-text = Où se trouve la salle et ce qu’elle offre. On le voit sur les pages de la salle, et on trouve les salles ainsi.
room-building-hint = Par exemple Aile nord.
room-floor-hint = Par exemple 2 ou rez-de-chaussée.
room-features-hint = Des mots séparés par des virgules, par exemple projecteur, tableau.
group-picture = Image
group-picture-text = PNG, JPEG ou WebP, au plus { $most } Mio. Toutes les personnes ayant accès à la salle la voient.
picture-file = Fichier de l’image
picture-save = Envoyer l’image
picture-remove = Supprimer l’image
picture-missing = Sélectionnez d’abord un fichier d’image.
picture-of = Image de { $room }
done-picture-saved = Image enregistrée.
done-picture-removed = Image supprimée.
room-seats =
    { $count ->
        [one] { $count } place
       *[other] { $count } places
    }
room-on-floor = Étage { $floor }

## The schedule in words

schedule-choice = Nettoyer automatiquement
schedule-none = Pas de planification
schedule-minutes =
    { $count ->
        [one] toutes les minutes ({ $count })
       *[other] toutes les { $count } minutes
    }
schedule-hours =
    { $count ->
        [one] toutes les heures ({ $count })
       *[other] toutes les { $count } heures
    }
schedule-days =
    { $count ->
        [one] tous les jours ({ $count })
       *[other] tous les { $count } jours
    }
schedule-choice-hint = À quel rythme les doubles réservations et les événements annulés sont supprimés sans que personne ne le demande.
watch-choice = Surveiller
watch-none = Ne pas surveiller
watch-every =
    { $count ->
        [one] toutes les secondes ({ $count })
       *[other] toutes les { $count } secondes
    }
watch-choice-hint = Room Booking demande à ce rythme au serveur s’il y a des modifications, et nettoie le calendrier lorsqu’il y en a.
zone-hint = Commencez à saisir et choisissez dans la liste, par exemple Europe/Paris.

## People with access

access-title = Personnes ayant accès
access-add = Donner accès
access-add-all =
    { $count ->
        [one] Donner accès ({ $count })
       *[other] Donner accès aux { $count }
    }
access-remove-selected = Retirer la sélection
access-people = Personnes sans accès
access-rooms = Salles sans accès
access-search = Rechercher
access-shown = { $shown } sur { $count } affichés. Recherchez les autres.
access-none-chosen = Sélectionnez au moins un élément.
invite-rooms = Salles
invite-rooms-hint = La nouvelle personne a aussitôt accès aux salles sélectionnées.
invitation-mailed = L’invitation a été envoyée à { $address }.
invitation-not-mailed = L’invitation n’a pas pu être envoyée à { $address } : { $reason } Remettez le lien vous-même.
invitation-mail-hint = Si vous indiquez une adresse e-mail, l’invitation y est envoyée.
invitation-mail-subject = Votre accès à Room Booking
invitation-mail-greeting = Bonjour { $user },
invitation-mail-lead = { $actor } vous a invité dans Room Booking. Votre nom d’utilisateur est : { $user }
invitation-mail-link = Choisissez un mot de passe avec ce lien. Il fonctionne une seule fois, dans les 7 jours :
invitation-mail-rooms = Vous avez accès à : { $rooms }

## Names

event-with-uid = { $name } (UID { $uid })
removed-calendar = supprimé

## The message in the outbox

show-message = Afficher le message
message-title = Message
message-subject = Objet
message-not-rendered = Ce message n’a pas de contenu
message-links-left-out = Les liens par lesquels le destinataire agit sont omis ici.

## Removing

remove-title = Supprimer { $name } ?
remove-goes = Supprimé
remove-stays = Gardé
remove-blocked = La suppression n’est pas possible maintenant
remove-instead = Ce que vous pouvez faire
remove-cancel = Annuler
remove-calendar = Supprimer le calendrier
remove-calendar-lead = Room Booking cesse de s’occuper de ce calendrier. Cela ne peut pas être annulé.
remove-events =
    { $count ->
        [one] { $count } événement : il n’est conservé que dans Room Booking
       *[other] { $count } événements : ils ne sont conservés que dans Room Booking
    }
remove-mirror =
    { $count ->
        [one] La copie de { $count } événement dans Room Booking
       *[other] Les copies de { $count } événements dans Room Booking
    }
remove-settings = Ses paramètres, sa description et son image
remove-people =
    { $count ->
        [one] L’accès de { $count } personne
       *[other] L’accès de { $count } personnes
    }
remove-keys-reach =
    { $count ->
        [one] { $count } clé d’API n’y a plus accès
       *[other] { $count } clés d’API n’y ont plus accès
    }
remove-priorities =
    { $count ->
        [one] { $count } priorité ou protection
       *[other] { $count } priorités et protections
    }
remove-pending =
    { $count ->
        [one] { $count } suppression en attente : les deux organisateurs reçoivent un message disant que la réservation reste
       *[other] { $count } suppressions en attente : les organisateurs reçoivent un message disant que les réservations restent
    }
remove-stays-on-server = Tous les événements sur votre serveur de calendriers
remove-history =
    { $count ->
        [0] Les entrées de l’historique, pendant { $days } jours
        [one] { $count } entrée de l’historique, pendant { $days } jours ; elle ne peut plus être restaurée
       *[other] { $count } entrées de l’historique, pendant { $days } jours ; elles ne peuvent plus être restaurées
    }
remove-messages =
    { $count ->
        [one] { $count } message en attente : il est envoyé
       *[other] { $count } messages en attente : ils sont envoyés
    }
remove-export-first = Exporter d’abord les événements
done-calendar-removed = Calendrier supprimé.

remove-account = Supprimer le compte
remove-account-lead = Room Booking oublie la connexion à ce serveur de calendriers.
remove-account-password = Le mot de passe enregistré
remove-account-stays = Tous les calendriers et événements sur le serveur
remove-account-blocked =
    { $count ->
        [one] { $count } calendrier utilise ce compte. Supprimez d’abord ce calendrier ; ses événements restent sur le serveur.
       *[other] { $count } calendriers utilisent ce compte. Supprimez d’abord ces calendriers ; leurs événements restent sur le serveur.
    }
done-account-removed = Compte supprimé.

remove-user = Supprimer l’utilisateur
remove-user-lead = Cette personne ne peut plus se connecter. Cela ne peut pas être annulé ; pour écarter quelqu’un un certain temps, désactivez plutôt l’utilisateur.
remove-user-keys =
    { $count ->
        [one] { $count } clé d’API : elle cesse aussitôt de fonctionner
       *[other] { $count } clés d’API : elles cessent aussitôt de fonctionner
    }
remove-user-sessions =
    { $count ->
        [one] { $count } session
       *[other] { $count } sessions
    }
remove-user-calendars =
    { $count ->
        [one] L’accès à { $count } calendrier
       *[other] L’accès à { $count } calendriers
    }
remove-user-account = Mot de passe, second facteur et adresse e-mail
remove-user-events =
    { $count ->
        [0] Toutes les réservations
        [one] { $count } réservation ; les messages à son sujet vont à l’adresse de contact de la salle
       *[other] { $count } réservations ; les messages à leur sujet vont à l’adresse de contact de la salle
    }
remove-user-history = Le nom d’utilisateur dans l’historique, pendant { $days } jours, et dans le journal des paramètres
remove-user-last = C’est le seul administrateur actif. Désignez d’abord quelqu’un d’autre comme administrateur.
remove-user-people = Tous les utilisateurs
done-user-removed = Utilisateur supprimé.

remove-template = Supprimer le modèle
remove-template-lead = Plus aucun message n’est écrit avec ce modèle.
remove-template-text = L’objet et les textes du modèle
remove-template-stays = Les messages envoyés
remove-template-built-in = Ce modèle est intégré. Sélectionnez-en plutôt un autre dans les paramètres d’un calendrier.
remove-template-blocked =
    { $count ->
        [one] { $count } calendrier utilise ce modèle. Choisissez-en d’abord un autre dans ses paramètres.
       *[other] { $count } calendriers utilisent ce modèle. Choisissez-en d’abord un autre dans leurs paramètres.
    }
remove-template-copy = Copier ce modèle

remove-priority = Retirer la priorité
remove-protection = Retirer la protection
remove-priority-lead = À partir de la prochaine exécution, ces réservations sont traitées comme toutes les autres.
remove-protection-lead = À partir de la prochaine exécution, cet événement peut être supprimé comme tous les autres.
remove-priority-goes = La priorité de { $value }
remove-protection-goes = La protection de { $value }
remove-priority-stays = Toutes les réservations, jusqu’à ce qu’une autre exécution en décide
remove-priority-of = Elle vaut dans { $calendar }.
remove-priority-of-all = Elle vaut dans tous les calendriers.
done-priority-removed = Retirée.

## First steps

link-dead-title = Ce lien ne fonctionne plus
link-dead-sign-in = Si vous avez déjà choisi un mot de passe, connectez-vous avec celui-ci.
link-dead-ask = Sinon, demandez un nouveau lien à un administrateur. Sur la ligne de commande du serveur, ceci définit un mot de passe :
link-dead-first = Personne ne peut encore se connecter en tant qu’administrateur. Un nouveau lien figure maintenant dans le journal du serveur ; il fonctionne une heure. Ou exécutez ceci sur le serveur :
link-dead-first-done = Un administrateur a été configuré. Connectez-vous, ou demandez-lui une invitation.
first-link-logged = Si cette page a été ouverte au cours de la dernière heure, cherchez-y le lien dans le journal.

audit-calendar-removed = calendrier supprimé
audit-user-removed = utilisateur supprimé

## Select all

select-all = Tout sélectionner
select-none = Ne rien sélectionner
