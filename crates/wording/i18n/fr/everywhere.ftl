### Texts of all pages, and errors.

## Everywhere

product = Room Booking
skip = Aller au contenu
main-navigation = Navigation principale
nav-start = Jour
nav-calendars = Calendriers
nav-history = Historique
nav-people = Utilisateurs
nav-keys = Clés d’API
nav-mail = E-mail
nav-account = Compte
sign-out = Se déconnecter
signed-in-as = Connecté en tant que { $user }
optional = facultatif
save = Enregistrer
back-to-start = Retour à l’accueil
times-in = Heures dans le fuseau { $zone }
add = Ajouter
remove = Retirer
cancel = Annuler
search = Rechercher
filter = Filtrer
go = Aller
look = Voir
today = Aujourd’hui
never = jamais
not-known = inconnu
unnamed = (sans nom)
private-event = Privé
shown-of = { $shown } sur { $total } affichés.
further-pages = Autres pages
page-before = ← Retour
page-newest = ← Vers les plus récents
page-next = Suite →
no-match = Aucun résultat
no-match-text = Choisissez d’autres filtres, ou aucun.
just-now = à l’instant
any-moment = d’un instant à l’autre
minutes-ago = il y a { $minutes } min
in-minutes = dans { $minutes } min
hours-ago = il y a { $hours } h
in-hours = dans { $hours } h
seconds = secondes
minutes = minutes
hours = heures
days = jours
dates = occurrences
events = événements
field-is-wrong = { $field } : { $fault }
from-to = { $from } à { $to }
whole-number = doit être un nombre entier compris dans ses limites
no-date = doit être une date
choose-one = Type : sélectionnez un élément de la liste.
all-calendars = Tous les calendriers
nobody-known = inconnu
nobody-told = Personne
done-saved = Enregistré.

## Names of fields

field-name = Nom
field-file = Fichier
field-collection = Calendrier sur le serveur

## Errors

not-found = Introuvable
nothing-here = Aucune page n’a cette adresse.
not-found-advice = Le lien est peut-être ancien, ou ce vers quoi il menait a été supprimé. La page d’accueil vous mènera plus loin.
forbidden = Réservé aux administrateurs
forbidden-advice = Demandez à un administrateur de le faire, ou de faire de vous un administrateur.
stale = Ce formulaire a expiré
stale-advice = Il a été ouvert il y a un certain temps, avant que quelqu’un se connecte ou se déconnecte dans ce navigateur, ou il vient d’un autre site. Rien n’a été modifié. Revenez en arrière, rechargez la page et envoyez-le de nouveau.
invalid = Il y a un problème
invalid-advice = Rien n’a été modifié. Revenez en arrière et corrigez.
conflict = Une modification a eu lieu entre-temps
conflict-advice = Rien n’a été modifié. Revenez en arrière, rechargez la page et regardez l’état actuel.
impossible = Cela n’est pas possible
impossible-advice = Rien n’a été modifié.
sent-already = Ce formulaire a déjà été envoyé. Le nouvel élément figure dans la liste ; son secret n’a été affiché qu’une seule fois. Pour en créer un autre, ouvrez de nouveau le formulaire.
copied = Copié
back = Retour
too-many = Trop de tentatives
too-many-advice = Cela empêche des inconnus de deviner les mots de passe. Votre compte n’a aucun problème.
wait-seconds =
    { $seconds ->
        [one] Attendez { $seconds } seconde et réessayez.
       *[other] Attendez { $seconds } secondes et réessayez.
    }
too-large = C’est trop volumineux
too-large-advice = Rien n’a été modifié. Un fichier peut avoir 32 Mo, et il doit arriver en moins de 30 secondes.
busy = Pas maintenant
busy-advice = Attendez un instant et réessayez.
full = Le disque du serveur est plein
full-advice = Rien n’a été enregistré. Prévenez un administrateur : le disque qui contient la base de données a besoin d’espace libre. Réessayez ensuite.
server = Échec de la requête CalDAV
server-advice = Rien n’a été modifié. Les administrateurs trouvent dans les paramètres du calendrier un test qui indique quoi corriger ; les autres préviennent un administrateur.
server-looking = Les administrateurs trouvent dans les paramètres du calendrier un test qui indique quoi corriger ; les autres préviennent un administrateur.
internal = Une erreur s’est produite sur le serveur
internal-advice = Ce n’est pas votre faute, et votre action n’a pas été effectuée. Le journal du serveur indique ce qui s’est passé.
