### The pages behind links in messages, which need no sign-in.

mail-link-room = Salle
mail-link-booking = Réservation
mail-link-when = Quand
mail-link-other = Chevauche
mail-link-contact = Contact de la salle
mail-link-which = À quoi souhaitez-vous renoncer ?
mail-link-all-dates =
    { $count ->
        [one] La seule occurrence ci-dessus ({ $count })
       *[other] Les { $count } occurrences ci-dessus
    }
mail-link-one-date = Seulement { $when }
mail-link-series = Toute la série dans cette salle, y compris ses autres occurrences
mail-link-expires = Ce lien fonctionne une seule fois, jusqu’au { $when }.
mail-link-choose = Sélectionnez une option.

mail-link-give-up-title = Renoncer à votre réservation ?
mail-link-give-up-lead = La salle devient libre pour d’autres. Rien n’a encore été modifié.
mail-link-give-up-button = Renoncer à la réservation
mail-link-given-up-title = Vous avez renoncé à la réservation
mail-link-given-up-lead = La salle est libre pour d’autres. Si c’était une erreur, les personnes qui décident de la salle peuvent restaurer la réservation.

mail-link-ask-title = Demander une décision ?
mail-link-ask-lead = Votre réservation reste jusqu’à ce qu’un administrateur ait décidé. Rien n’a encore été modifié.
mail-link-ask-button = Demander une décision
mail-link-asked-title = Décision demandée
mail-link-asked-lead = Votre réservation n’est pas supprimée avant la décision d’un administrateur. Vous recevrez un message sur la décision.

mail-link-over-title = Ce lien a expiré
mail-link-over-lead = La réservation a commencé, ou le délai de réponse est écoulé. Rien n’a été modifié.
mail-link-stale-title = La réservation a changé
mail-link-stale-lead = Elle n’est plus la même qu’au moment où le message a été écrit ; ce lien ne fait donc rien. Consultez le calendrier de la salle, ou adressez-vous aux personnes qui décident de la salle.

mail-link-restore-title = Restaurer votre réservation ?
mail-link-restore-lead = La salle est de nouveau libre sur le créneau que votre réservation avait perdu. Rien n’a encore été modifié.
mail-link-restore-button = Restaurer la réservation
mail-link-restored-title = Réservation restaurée
mail-link-restored-lead = Votre réservation est de nouveau dans le calendrier de la salle. Vous recevrez un message qui le confirme.
mail-link-offer-over-title = Cette offre a expiré
mail-link-offer-over-lead = La salle a été proposée à quelqu’un d’autre, ou quelqu’un l’a réservée. Rien n’a été modifié.

mail-link-which-room = Quelle salle ?
mail-link-move-title = Déplacer votre réservation ?
mail-link-move-lead = Elle est d’abord créée dans l’autre salle à la même heure, puis supprimée de celle-ci. Rien n’a encore été modifié.
mail-link-move-series-lead = Toute la série, avec toutes ses occurrences, est d’abord créée dans l’autre salle aux mêmes heures, puis supprimée de celle-ci. Rien n’a encore été modifié.
mail-link-move-button = Déplacer la réservation
mail-link-moved-title = Réservation déplacée
mail-link-moved-lead = Elle est dans l’autre salle à la même heure. Si des personnes sont invitées, dites-leur où se rendre.
mail-link-no-room-title = Aucune salle n’est libre
mail-link-no-room-lead = Les salles vers lesquelles vous pouviez déplacer votre réservation sont prises entre-temps. Rien n’a été modifié.

mail-link-decided-title = Aucune décision nécessaire
mail-link-decided-lead = Un administrateur a décidé, ou la réservation ne doit plus être supprimée, ou elle a été supprimée. Rien n’a été modifié.

mail-link-list-title = Toutes les dates
mail-link-list-lead = Ces dates de votre réservation ont été retirées du calendrier de la salle.
mail-link-list-line = { $when } : { $other }
mail-link-list-over-title = Cette liste a expiré
mail-link-list-over-lead = Toutes ses dates ont commencé, ou le message a été supprimé. Rien n’a été modifié.
