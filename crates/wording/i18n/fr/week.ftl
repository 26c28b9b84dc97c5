### The week of a calendar, an event of it, and booking.

## The week

other-weeks = Autres semaines
week-before = Semaine précédente
week-next = Semaine suivante
go-to-date = Aller à une date
week-conflicts =
    { $count ->
        [one] { $count } événement serait supprimé, car un autre événement a la salle.
       *[other] { $count } événements seraient supprimés, car d’autres événements ont la salle.
    }
week-conflicts-link = Afficher l’aperçu
week-next-conflict = Prochaine double réservation : { $when }, { $name }
week-skipped-to = Il n’y a plus rien de réservé cette semaine. Voici la prochaine semaine avec une réservation.
week-more =
    { $count ->
        [one] { $count } autre événement n’est pas affiché.
       *[other] { $count } autres événements ne sont pas affichés.
    }
week-empty = Rien n’est réservé cette semaine.
unreachable = Échec de la requête CalDAV.
week-as-known = Voici la semaine telle qu’elle était connue le { $when }. Elle a pu changer depuis.
week-not-known = Les événements de ce calendrier n’ont jamais été récupérés ; la semaine ne peut donc pas être affichée.
preview-not-known = L’aperçu a besoin des événements actuels. Sans le serveur de calendriers, ils ne peuvent pas être lus.
tell-administrator = Prévenez un administrateur si cela dure.
clock-changes = L’heure change ce jour-là.
all-day-until = toute la journée, jusqu’à { $day }
all-day-since = toute la journée, depuis { $day }
from-until = à partir de { $from }, jusqu’à { $until }
until-since = jusqu’à { $until }, depuis { $since }
book-free = libre · réserver
view = Affichage
view-month = Mois
other-months = Autres mois
month-before = Mois précédent
month-next = Mois suivant
month-empty = Rien n’est réservé ce mois-ci.
month-as-known = Voici le mois tel qu’il était connu le { $when }. Il a pu changer depuis.
month-not-known = Les événements de ce calendrier n’ont jamais été récupérés ; le mois ne peut donc pas être affiché.
more-of-day = { $count } de plus
fold-before = { $count } avant { $time }
fold-after = { $count } après { $time }
find-booking = Chercher une réservation
found-bookings = Réservations avec « { $words } »
found-no-bookings = Aucune réservation avec « { $words } » depuis 31 jours ou plus tard.
keys = Clavier
keys-previous = Semaine précédente, mois précédent
keys-next = Semaine suivante, mois suivant
keys-skip = Aller d’un événement à l’autre
keys-free = Dans un créneau libre : choisir le début, et avec Maj la fin
keys-move = Déplacer un événement
keys-move-how = Les flèches déplacent l’événement ; avec Maj elles changent sa fin, et avec Alt son début. Entrée ouvre le formulaire, Échap annule.
keys-close = Fermer l’explication
keys-use = Utiliser des touches simples
drag-hint = Avec un pointeur, faites glisser dans un créneau libre pour le réserver. Faites glisser un événement pour le déplacer, et son bord supérieur ou inférieur pour changer son début ou sa fin. Un formulaire demande confirmation avant tout enregistrement.
of-a-series = série
legend = Légende
legend-stays = A la salle
legend-wins = Garde la salle face à un autre
legend-goes = Serait supprimé
legend-alone = Chevauche, et est gardé ou n’est pas encore décidé
legend-cancelled = Annulé
legend-free = Marqué comme libre
word-goes = serait supprimé
word-wins = garde la salle
word-alone = gardé
word-far = pas encore décidé
word-cancelled = annulé
word-free = libre
word-declined = refusé
why-stays = Il a la salle. Aucun autre événement ne le chevauche.
why-over = Il est terminé et reste tel quel.
why-goes = Il chevauche « { $name } », qui garde la salle.
why-wins = Il garde la salle face à { $others }.
why-stronger = Il chevauche { $others }, et il est mieux classé.
stronger-stays = Ce qu’il chevauche reste tout de même.
stronger-limit = Ce qu’il chevauche reste jusqu’à ce qu’un administrateur ait confirmé les suppressions.
why-far = Il a la salle. Il est au-delà de l’horizon de ce calendrier ; rien n’est donc encore décidé à son sujet.
why-far-beside = Il chevauche « { $name } ». Il est au-delà de l’horizon de ce calendrier ; rien n’est donc encore décidé à son sujet.
and-more = « { $name } » et { $more } autres
why-alone = Il chevauche « { $name } » et est gardé.
why-cancelled = Il a été annulé et n’occupe pas la salle.
why-leftover = Il a été annulé. La prochaine exécution le supprime.
why-leftover-short = Il a été annulé.
why-free = Il est marqué comme libre et n’occupe pas la salle.
why-free-beside = Il est marqué comme libre. Il chevauche « { $name } », et ne gêne personne.
why-declined = La salle l’a refusé ; il ne l’occupe donc pas.
why-no-length = Il n’a pas de durée et ne prend pas de temps.
by-priority = L’autre est prioritaire.
by-held-since = L’autre occupe le créneau depuis plus longtemps.
by-created = L’autre a été réservé en premier.
by-uid = Les deux ont été réservés au même instant ; l’ordre de leurs UID décide.
by-original-start = Les deux ont été réservés au même instant ; la date la plus proche décide.
wins-by-priority = Il est prioritaire.
wins-by-held-since = Il occupe le créneau depuis plus longtemps.
since-both = Celui qui reste occupe le créneau depuis { $winner }, l’autre depuis { $loser }.
is-witnessed = Room Booking a enregistré cet ordre lui-même.
is-by-word = Room Booking n’a pas enregistré cet ordre lui-même.
wins-by-created = Il a été réservé en premier.
wins-by-uid = Les deux ont été réservés au même instant ; l’ordre de leurs UID décide.
left-started = Il a déjà commencé.
left-prioritised = Les deux sont prioritaires. Les organisateurs décident qui utilise la salle.
left-pending = Un avertissement est parti ; il sera supprimé plus tard.
left-report = Ce calendrier se contente de signaler les conflits.
left-protected = Il est protégé.
left-tolerated = Le chevauchement est toléré.
left-free = Il est marqué comme libre.
left-changed = Il a été modifié pendant l’exécution.
left-refused = Le serveur de calendriers a refusé la modification.
left-limit = Trop d’événements seraient supprimés à la fois. Un administrateur doit le confirmer.

## An event

event-gone = Cet événement n’existe plus, ou plus à cette heure. Revenez à la semaine.
the-other-event = Autre événement
organizer = Organisateur
booked-at = Réservé
series = Série
is-series = Une occurrence d’une série
is-single = Un événement unique
uid = UID
back-to-week = Retour à la semaine
kept = Gardé
is-protected = Il est protégé.
is-prioritised = Il est prioritaire.
is-prioritised-otherwise = Il est prioritaire par son nom ou son organisateur.
for-all-dates = Cela vaut pour toutes les occurrences de cette série.
delete-protected = Il est protégé. Les exécutions ne le suppriment pas, mais vous pouvez le supprimer ici.
keep-it = Garder l’événement
protect = Protéger l’événement
unprotect = Retirer la protection
decided-everywhere = Cela vaut pour tous les calendriers. Vous pouvez le modifier ici :
protect-text = Un événement protégé n’est jamais supprimé automatiquement.
prioritise = Rendre l’événement prioritaire
unprioritise = Retirer la priorité
prioritise-text = Un événement prioritaire l’emporte sur ceux qui ne le sont pas, quel que soit le premier.
delete-it = Supprimer l’événement
delete-text = Il disparaît du calendrier, et aucun e-mail n’est envoyé. Il est conservé dans l’historique, d’où un administrateur peut le restaurer.
delete-series-text = Toute la série disparaît, avec toutes ses occurrences, et aucun e-mail n’est envoyé. Elle est conservée dans l’historique, d’où un administrateur peut la restaurer.
delete-open = Supprimer…
delete-event = Supprimer cet événement
delete-series = Supprimer toute la série
done-event-deleted = Événement supprimé. Il est conservé dans l’historique.

## Booking

book-title = Réserver la salle
book-button = Réserver la salle
event-name = Nom de l’événement
starts = Début
ends = Fin
whole-days = Journées entières
whole-days-hint = Seules les dates comptent alors, la première et la dernière comprises.
organizer-hint = Reçoit les messages sur cette réservation. Si ce champ est vide, vous êtes l’organisateur.
description = Description
repeat = Répétition
repeat-never = Aucune
repeat-daily = Chaque jour
repeat-weekly = Chaque semaine
repeat-monthly = Chaque mois
repeat-times = Nombre d’occurrences
repeat-times-hint = Si ce champ est vide, la série n’a pas de fin.
only-if-free = Seulement si la salle est libre
only-if-free-hint = Sinon, la réservation est faite même si elle en chevauche d’autres, et les règles décident plus tard qui garde la salle.
room-taken = La salle est occupée ; rien n’a donc été réservé. Événements en conflit :
done-booked = Réservé.

## Pending removals
pending-title = Suppressions en attente
pending-lead = Ces réservations en chevauchent une mieux classée. Leurs organisateurs ont été avertis. Elles sont supprimées à la fin du délai, à moins que quelqu’un ne déplace ou n’annule, ou que vous n’en décidiez autrement.
pending-empty = Aucune suppression en attente
pending-empty-text = Les calendriers qui avertissent présentent ici ce qu’ils vont supprimer.
pending-winner = A la salle
pending-at = sera supprimé { $at }
pending-kept = gardé
pending-now = suppression en cours
pending-asked = l’organisateur demande une décision
pending-nobody = personne ne peut être averti
pending-unsent = l’avertissement est en cours d’envoi
pending-keep = Garder la réservation
pending-remove = Supprimer maintenant

## The day

other-days = Autres jours
day-before = Jour précédent
day-next = Jour suivant
day = Jour
free-from = Libre à partir de
free-for = Durée
people-at-least = Personnes
all-buildings = Tous les bâtiments
find-room = Trouver une salle
find-reset = Réinitialiser
found-title = Salles libres
found-none = Aucune salle n’est libre à ce moment. Choisissez une autre heure, une durée plus courte ou moins d’équipements.
dates-taken =
    { $taken ->
        [one] Occupée à { $taken } occurrence sur { $count } : { $dates }
       *[other] Occupée à { $taken } occurrences sur { $count } : { $dates }
    }
seats =
    { $count ->
        [one] { $count } place
       *[other] { $count } places
    }
floor-number = étage { $floor }
length-minutes = { $minutes } min
length-hours = { $hours } h
rooms-on = Salles le { $day }
rooms-of = Salles { $first } à { $last } sur { $count }
room-unreachable = Injoignable ; peut ne pas être à jour
room-unknown = Pas encore récupéré
overlaps-with = Chevauche « { $name } »
no-time = doit être une heure telle que 14:30
repeat-every = Tous les
repeat-every-hint = 2 signifie un jour, une semaine ou un mois sur deux.
repeat-days = Le
repeat-until = Jusqu’au
not-among-weekdays = doit être l’un des jours de la semaine choisis
in-past = L’événement doit bien se situer dans le passé
past-dates-error = Des occurrences de cette série sont passées et seraient déplacées aussi. Choisissez « Cette occurrence et les suivantes », ou cochez cette case si c’est voulu.
in-past-error = Ce moment est passé. Cochez cette case si c’est voulu.

## Changing an event

change-it = Modifier l’événement
book-again = Réserver à nouveau
change-title = Modifier l’événement
change-scope = S’applique à
change-this-date = Cette occurrence
change-following = Cette occurrence et les suivantes
change-all-dates = Toutes les occurrences de la série
change-scope-hint = Pour plusieurs occurrences, la série est déplacée d’autant de jours et d’heures que celle-ci. Les occurrences modifiées ou annulées séparément restent telles quelles. « Cette occurrence et les suivantes » divise la série : les suivantes deviennent une série à part.
room-taken-for-change = La salle est occupée ; rien n’a donc été modifié. Événements en conflit :
only-organizer-why = Seul l’organisateur peut modifier cet événement, car le serveur de calendriers envoie des invitations.
only-organizer-ways = Vous pouvez réserver la salle à nouveau ou supprimer l’événement ; le serveur décline alors l’invitation.
only-organizer-ways-series = Vous pouvez réserver la salle à nouveau, annuler cette occurrence ou supprimer la série ; le serveur décline alors l’invitation.
save-changes = Enregistrer les modifications
cancel-date-title = Annuler des occurrences
cancel-date-text = Les autres occurrences de la série restent. Aucun e-mail n’est envoyé. L’occurrence est conservée dans l’historique, d’où un administrateur peut la restaurer.
cancel-date = Annuler cette occurrence
done-event-changed = Événement modifié.
done-event-unchanged = Rien n’a été modifié.
end-series-text = Ou bien la série se termine avant cette occurrence : celle-ci et toutes les suivantes sont annulées.
end-series = Annuler cette occurrence et les suivantes
done-series-ended = Cette occurrence et les suivantes sont annulées. Elles sont conservées dans l’historique.
done-date-cancelled = L’occurrence est annulée. Elle est conservée dans l’historique.
