### The monthly report.

nav-report = Rapport
report-title = Rapport
report-lead = L’utilisation des salles, et ce que sont devenus les conflits.
report-other-months = Autres mois
report-previous = Mois précédent
report-next = Mois suivant
report-kept = Ce rapport a été établi le { $when } et ne change plus.
report-present = Ce mois est en cours : ses chiffres changent.
report-past = Le rapport de ce mois n’a pas été conservé. Ses chiffres sont calculés d’après ce qui est connu maintenant.
report-deleted = Des parties de l’historique de ce mois sont plus anciennes que RETENTION_DAYS et ont été effacées.
report-missing =
    { $count ->
        [one] { $count } salle n’est pas encore comptée. Rechargez cette page dans un instant.
       *[other] { $count } salles ne sont pas encore comptées. Rechargez cette page dans un instant.
    }
report-unreadable =
    { $count ->
        [one] { $count } événement est illisible et ne compte pas.
       *[other] { $count } événements sont illisibles et ne comptent pas.
    }
report-empty = Aucune salle
report-empty-text = Vous n’avez accès à aucun calendrier ; il n’y a donc rien à présenter.
report-overview = Vue d’ensemble
report-booked = Heures réservées
report-used-twice = Heures réservées deux fois
report-found = Conflits trouvés
report-removed = Supprimés
report-settled = Réglés par les intéressés
report-kept-conflicts = Gardés
report-leftovers = Événements annulés retirés
report-restored = Restaurés
report-rooms = Salles
report-busiest-room = Salle la plus occupée : { $room }, { $hours } heures.
report-emptiest-room = Salle la moins occupée : { $room }, { $hours } heures.
report-bars-desc = Une barre par salle, aussi longue que ses heures réservées. La partie de l’autre couleur correspond aux heures occupées deux fois. Le tableau ci-dessous contient les mêmes chiffres.
report-bars-left-out = Les barres montrent les salles les plus et les moins occupées. Salles entre les deux : { $count }.
report-rooms-table = Salles sous forme de tableau
report-table-left-out = Autres salles : { $count }. Le fichier les contient toutes.
report-share = Part du mois
report-hours = Heures de la semaine
report-busiest-hours = Les plus occupées : { $hours }.
report-emptiest-hours = Les moins occupées, du lundi au vendredi entre 8:00 et 18:00 : { $hours }.
report-emptiest-equal =
    { $count ->
        [one] Les moins occupées, du lundi au vendredi entre 8:00 et 18:00 : { $count } heure à { $percent } %.
       *[other] Les moins occupées, du lundi au vendredi entre 8:00 et 18:00 : { $count } heures à { $percent } %.
    }
report-hours-desc = Un carré pour chaque heure de la semaine ; plus une heure est occupée, plus sa couleur est soutenue, et l’heure la plus occupée du mois a la couleur la plus forte. Le tableau ci-dessous contient les mêmes chiffres.
report-hour = { $day } { $hour } : { $percent } %
report-hours-table = Heures de la semaine sous forme de tableau, en pour cent
report-hour-column = Heure
report-conflicts = Conflits
report-conflicts-none = Aucun conflit ce mois-ci.
report-reasons = Gardés, par raison
report-reason = Raison
report-number = Nombre
report-conflicts-table = Conflits par salle
report-series = Séries sans fin
report-series-text =
    { $days ->
        [one] Actuellement, quel que soit le mois : séries sans fin dont l’organisateur n’a rien réservé ni modifié dans aucune salle depuis { $days } jour. Demandez si elles sont encore utiles.
       *[other] Actuellement, quel que soit le mois : séries sans fin dont l’organisateur n’a rien réservé ni modifié dans aucune salle depuis { $days } jours. Demandez si elles sont encore utiles.
    }
report-series-none = Aucune série de ce genre.
report-series-unknown = Toutes les salles n’ont pas pu être examinées. Rechargez cette page dans un instant.
report-next-date = Prochaine occurrence
report-last-seen = Vu pour la dernière fois
report-never-seen = inconnu
report-addresses = Adresses inconnues
report-addresses-text =
    { $days ->
        [one] Actuellement, quel que soit le mois : organisateurs dont le serveur de messagerie a répondu au cours du dernier jour ({ $days }) que l’adresse n’existe pas.
       *[other] Actuellement, quel que soit le mois : organisateurs dont le serveur de messagerie a répondu au cours des { $days } derniers jours que l’adresse n’existe pas.
    }
report-addresses-none = Aucune adresse de ce genre.
report-answer = Réponse du serveur de messagerie
report-refused = Dernier refus
report-csv = Télécharger au format CSV
