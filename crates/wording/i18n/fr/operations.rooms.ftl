### Rooms and their pictures, and removing calendars.

calendar-changes-now = Les paramètres du calendrier sont en cours de modification ; réessayez.
calendar-in-doubt = L’issue d’une modification sur le serveur de calendriers n’est pas encore connue : le serveur n’a pas répondu et peut encore l’effectuer. On le saura au plus tard après 16 minutes ; réessayez alors.
calendar-was-removed = Le calendrier a été supprimé ; rien ne peut donc en être restauré.
picture-form = doit être une image PNG, JPEG ou WebP
picture-too-large = doit avoir au plus { $most } Mio
