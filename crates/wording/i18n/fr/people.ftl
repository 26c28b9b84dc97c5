### People, accounts, signing in and API keys.

## Signing in

sign-in = Se connecter
sign-in-wrong = Le nom d’utilisateur et le mot de passe ne correspondent pas.
sign-in-help = Mot de passe oublié ? Demandez à un administrateur un lien de réinitialisation.
user-name = Nom d’utilisateur
user-name-hint = Le nom avec lequel vous vous connectez, par exemple anne. Majuscules et minuscules ne comptent pas.
password = Mot de passe
new-password = Nouveau mot de passe
present-password = Mot de passe actuel
password-hint = Au moins 10 caractères. Quelques mots à la suite conviennent bien et se retiennent facilement.
password-again = Répéter le mot de passe
passwords-differ = n’est pas le même
mail-address = Adresse e-mail
own-address-hint = Où vous êtes prévenu lorsqu’un calendrier est en échec ou qu’une exécution demande une confirmation.
choose-password = Définir le mot de passe
first-title = Bienvenue
first-lead = Cette installation n’a pas encore d’administrateur. Choisissez un nom d’utilisateur et un mot de passe pour devenir le premier administrateur.
first-where = Au démarrage du serveur, son journal affiche un lien à usage unique qui fait de vous le premier administrateur. Il est valable une heure ; redémarrez le serveur pour en obtenir un autre.
first-button = Créer l’administrateur
invitation-title = Bienvenue
invitation-lead = Vous avez été invité en tant que « { $user } ». Choisissez un mot de passe pour entrer.
reset-title = Choisir un autre mot de passe
reset-lead = Pour l’utilisateur « { $user } ». Vous êtes déconnecté partout ailleurs.
done-session-over = Vous avez été déconnecté entre-temps ; rien n’a donc été modifié. Connectez-vous et recommencez.
done-session-over-kept = Votre session a pris fin ; rien n’a donc été modifié. Connectez-vous et le formulaire reviendra avec votre saisie.
done-typed-kept = Voici ce que vous aviez saisi avant la fin de votre session. Rien n’a encore été envoyé.
done-signed-out = Vous êtes déconnecté.
done-signed-out-everywhere = Vous êtes déconnecté partout.

## Connexion auprès d’un fournisseur ou d’un annuaire

openid-sign-in = Se connecter avec { $name }
openid-down = { $name } ne répond pas pour le moment. Réessayez dans quelques minutes.
openid-refused = { $name } n’a pas confirmé votre connexion. Réessayez.
openid-too-old = Cette connexion a été commencée dans un autre navigateur ou il y a trop longtemps. Recommencez.
vouched-unknown = Vous n’avez pas encore de compte ici. Demandez à un administrateur d’en créer un avec votre adresse e-mail.
vouched-not-active = Votre compte est désactivé. Adressez-vous à un administrateur.
vouched-address = Votre adresse e-mail n’est pas confirmée là où vous vous connectez ; votre compte est donc introuvable. Adressez-vous à un administrateur.
vouched-ambiguous = Votre compte ne peut pas être identifié sans doute. Adressez-vous à un administrateur : la raison se trouve sous Historique, Paramètres.
directory-down = L’annuaire ne répond pas pour le moment. Réessayez dans quelques minutes.
passwords-off = Les mots de passe sont désactivés ici. Connectez-vous avec { $name }.
passwords-off-for-user = Les mots de passe sont désactivés ici : la connexion se fait auprès du fournisseur. Un compte a besoin d’une adresse e-mail, par laquelle il est associé chez le fournisseur.
openid-still = Vous êtes peut-être encore connecté à { $name }.
openid-end = Se déconnecter de { $name }
account-vouched = Vous vous connectez avec { $name } ; vous n’avez donc pas de mot de passe ici.
identity-directory-name = l’annuaire
identities-title = Connexion externe
identities-text = L’utilisateur se connecte avec ce compte. Si vous le retirez, les sessions ouvertes avec lui prennent fin, et la prochaine connexion est de nouveau associée par l’adresse e-mail.
identity-openid = OpenID Connect
identity-directory = Annuaire
identity-since = Depuis { $bound }, dernière utilisation { $used }
identity-remove = Retirer la connexion
role-of-group = Un groupe décide du rôle à chaque connexion externe.
done-identity-removed = Connexion retirée.

## Account

account-title = Votre compte
change-password = Modifier votre mot de passe
change-password-lead = Vous restez connecté ici, et vous êtes déconnecté partout ailleurs.
change-password-button = Modifier le mot de passe
done-password-changed = Votre mot de passe est modifié.
sessions-title = Où vous êtes connecté
sessions-lead = Une session se termine après 12 heures sans utilisation, et au plus tard après 7 jours.
session-browser = Navigateur
session-address = Depuis
session-begun = Connexion
session-seen = Dernière utilisation
session-this = cette session
session-end = Terminer la session
session-end-of = Terminer la session de { $browser }
sign-out-everywhere = Se déconnecter partout
done-session-ended = Cette session est terminée.
unknown-browser = Navigateur inconnu
## Second factor

second-factor-title = Authentification à deux facteurs
second-factor-lead = Après le mot de passe, la connexion demande un code d’une application d’authentification sur votre téléphone.
second-factor-required = Cette installation l’exige. Configurez-la maintenant ; les autres pages s’ouvriront ensuite.
second-factor-set = Configurer
second-factor-change = Modifier
second-factor-replace = Configurer une autre application
second-factor-off = Désactiver
second-factor-is-on = L’authentification à deux facteurs est activée depuis le { $date }.
recovery-codes-left =
    { $count ->
        [one] Il reste { $count } code de récupération.
       *[other] Il reste { $count } codes de récupération.
    }
second-factor-scan = Scannez ce code avec l’application, ou saisissez-y la clé. Entrez ensuite le code que l’application affiche.
second-factor-qr = Code QR avec la clé pour l’application
second-factor-key = Clé
second-factor-code = Code
second-factor-code-hint = Les 6 chiffres que l’application affiche maintenant.
recovery-title = Codes de récupération
recovery-lead = L’authentification à deux facteurs est activée. Conservez ces codes en lieu sûr, séparément de votre téléphone. Si vous perdez l’application, chacun d’eux vous connecte une fois.
recovery-renew = Nouveaux codes de récupération
recovery-renew-lead = Vous recevez de nouveaux codes, et les précédents ne fonctionnent plus. Faites-le lorsqu’il en reste peu, ou si quelqu’un d’autre a pu les voir.
recovery-renew-button = Générer de nouveaux codes
code-title = Entrez votre code
code-hint = Les 6 chiffres que votre application affiche maintenant, ou un code de récupération.
code-is-wrong = Ce code est faux, ou il a déjà été utilisé.
code-help = Ni application ni code de récupération ? Un administrateur peut réinitialiser votre second facteur.
user-has-second-factor = Elle est activée. Réinitialisez-la si l’utilisateur a perdu l’application et les codes de récupération ; il est alors déconnecté partout.
second-factor-reset = Réinitialiser
done-second-factor-removed = L’authentification à deux facteurs est désactivée.
sessions-of-user = Sessions
user-sign-out-text = Déconnecte l’utilisateur dans tous les navigateurs, et oublie que ceux-ci lui appartiennent. Le mot de passe, les clés et les liens restent.
done-user-signed-out = L’utilisateur est déconnecté partout.

## People

people-lead = Les administrateurs gèrent tout. Les autres utilisateurs voient les calendriers auxquels ils ont accès.
role = Rôle
role-hint = Un administrateur crée des calendriers, des utilisateurs, des modèles et des priorités. Les autres voient la semaine et l’historique de leurs calendriers, y réservent et suppriment tout événement, peuvent les faire nettoyer, et ont leurs propres clés d’API.
role-administrator = Administrateur
role-ordinary = Utilisateur ordinaire
not-active = désactivé
add-person = Inviter une personne
add-person-text = Vous recevez un lien à remettre, par lequel la personne choisit son propre mot de passe.
add-person-button = Créer l’utilisateur et une invitation
user-address-hint = Aussi l’organisateur de ce que cet utilisateur réserve sans en indiquer un.
user-since = Utilisateur depuis le { $date }
user-settings = Paramètres
is-active = Actif
link-for-inactive = Activez d’abord l’utilisateur. Les liens ne fonctionnent pas pour les utilisateurs désactivés.
is-active-hint = Les utilisateurs désactivés ne peuvent pas se connecter, et leurs clés d’API ne fonctionnent pas.
has-password = Un mot de passe est défini.
has-no-password = Aucun mot de passe n’est encore défini.
invitation-explained = Un lien par lequel cet utilisateur choisit son premier mot de passe. Il est valable 7 jours et remplace les précédents.
reset-explained = Un lien par lequel cet utilisateur choisit un autre mot de passe. Il est valable un jour. Le mot de passe actuel fonctionne jusqu’à son utilisation.
make-invitation = Créer une invitation
make-reset = Créer un lien de réinitialisation du mot de passe
no-link-while-inactive = L’utilisateur est désactivé ; aucun lien ne fonctionnerait donc. Activez d’abord l’utilisateur.
invitation-for = Invitation pour { $user }
reset-for = Lien de réinitialisation du mot de passe pour { $user }
invitation-rooms = Accès à : { $rooms }
invitation-hand-over = Remettez ce lien à l’utilisateur. Il fonctionne une seule fois, dans les 7 jours.
reset-hand-over = Remettez ce lien à l’utilisateur. Il fonctionne une seule fois, dans la journée.
shown-once = Ceci n’est affiché qu’une seule fois. Copiez-le maintenant.
to-user = Vers { $user }
user-calendars-text = Les administrateurs voient tous les calendriers. Les clés d’API n’ont accès qu’aux calendriers de l’utilisateur.
user-no-calendars = Aucun accès à un calendrier
user-no-calendars-text = Donnez accès aux salles que cet utilisateur gère.

## Keys

keys-lead = Les programmes se connectent avec une clé : écrans de porte, scripts, autres logiciels. Une clé a accès aux calendriers de son utilisateur, ou à certains d’entre eux.
no-keys = Aucune clé d’API pour l’instant
no-keys-text = Créez-en une par programme, afin de pouvoir en révoquer une sans les autres.
add-key = Créer une clé d’API
add-key-button = Créer la clé
key-name = Nom
key-name-hint = À quoi elle sert, par exemple Écran de la salle 1.
key-user = Utilisateur
key-user-hint = Celui dont elle atteint les calendriers.
key-expiry = Valable jusqu’au
key-expiry-hint = Le dernier jour. Si ce champ est vide, elle est valable jusqu’à sa révocation.
key-rights = Autorisations
key-limited = certains calendriers seulement
key-only = seulement { $calendars }
key-only-some = seulement { $calendars } et { $more } autres
key-last-used = Dernière utilisation
key-valid = Valable
key-of-inactive = Ne fonctionne pas : l’utilisateur est désactivé
key-ends = Valable jusqu’au { $when }
key-ended = A expiré le { $when }
key-of = de { $user }
key-revoked = Révoquée
key-calendars = Calendriers
key-calendars-hint = Aucune sélection : tous les calendriers auxquels l’utilisateur a accès, y compris les futurs.
right-read = Lire : la liste des calendriers et des événements, avec les noms
right-create = Créer : réserver des événements
right-change = Modifier : modifier des événements
right-delete = Supprimer : supprimer des événements
right-preview = Aperçu : voir ce qu’un nettoyage supprimerait, en mode test seulement
right-clear = Nettoyer : supprimer les doubles réservations
right-freebusy = Disponibilité : voir quand les calendriers sont occupés, sans les noms
right-read-short = lire
right-create-short = créer
right-change-short = modifier
right-delete-short = supprimer
right-preview-short = aperçu
right-clear-short = nettoyer
right-freebusy-short = disponibilité
revoke = Révoquer la clé
done-key-revoked = La clé est révoquée. Elle cesse de fonctionner en moins d’une seconde.
done-key-renewed = La clé fonctionne de nouveau.
key-renew = Renouveler la clé
key-suspended = Ne fonctionne pas : son utilisateur a été désactivé. Renouvelez la clé pour qu’elle fonctionne de nouveau
key-made = Clé d’API créée
key-made-lead = Copiez-la à l’endroit où elle est utilisée.
try-it = Essayer
try-it-text = Cette commande fonctionne telle quelle et ne modifie rien.
try-create-text = Un exemple : il réserve une salle demain de 12:00 à 13:00, si elle est libre. Indiquez le calendrier et l’heure dont vous avez besoin.
try-delete-text = Un exemple : indiquez le calendrier, et l’identifiant d’un événement à la place de EVENT. Une réservation par l’API renvoie cet identifiant.
try-nothing-text = La clé ne peut que voir quand les calendriers sont occupés, et aucun appel de l’API n’y répond encore.
to-keys = Vers toutes les clés
