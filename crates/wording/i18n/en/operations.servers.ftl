### What is said about calendar servers: failures, findings of the connection test, and how a kind of server differs.

## What a calendar's server does not do

answered-403 = it answered 403 Forbidden
# $words (text)
answered-403-with = 403: { $words }
# $reason (text)
calendar-address-wrong = the calendar's address is not a valid one: { $reason }
# $at (text)
# $of (text)
calendar-elsewhere = the calendar's address is on { $at }, but its account is on { $of }, and its password is sent to no other server; remove the calendar here and add it again
# $address (text)
# $user (name)
calendar-gone = there is no calendar at { $address } any more; look whether it was moved or deleted, or is no longer shared with { $user }
# $calendar (text)
calendar-trashed = the calendar was deleted on the server and is in its trash bin; restore it there, or remove the calendar { $calendar } here
hidden-beside = the event that has the room is one of which the server shows this account only a part (CLASS:CONFIDENTIAL); let the owner of the calendar sign in
hidden-part = the server shows this account only a part of it (CLASS:CONFIDENTIAL); let the owner of the calendar sign in
# $object (text)
# $reason (message)
listed-not-given = whether the room is free is not known: the server lists the event { $object }, but does not return it ({ $reason }); make it readable for this account, or delete it on the server, and try again
# $count (number)
# $reason (message)
none-given-away = the server returns none of { $count } events: { $reason }
# $host (text)
# $reason (message)
of-host = { $host }: { $reason }
# $reason (message)
password-not-kept = it was tried and not kept: { $reason }
# $host (text)
# $user (name)
# $account (text)
password-refused = { $host } does not accept the password of { $user }; it is not tried again until it is set anew: room-booking account set { $account } --password-stdin (on Nextcloud with an app password)
    .site = { $host } does not accept the password of { $user }; it is not tried again until it is set anew under Calendar servers (on Nextcloud with an app password)
# $reason (message)
# $account (text)
password-unreadable = { $reason }; restore it, or enter the password of account { $account } again: room-booking account set { $account } --password-stdin
    .site = { $reason }; restore it, or enter the password of the account again under Calendar servers
# $reason (message)
server-refused = the calendar's server refused it: { $reason }
# $host (text)
# $user (name)
sign-in-refused = { $host } does not accept the user name { $user } with this password; on Nextcloud use an app password (Settings, Security)

## Why a CalDAV request failed; the host stands before it unless the message names the server itself

# $words (text)
caldav-says = {" "}(it says: { $words })
# $what (message)
caldav-bad-answer = the server's answer cannot be read: { $what }
caldav-changed = it was changed on the server in the meantime: read it again
# $server (text)
caldav-connect = no connection to the server: { $server }; look at the address and the port, and whether a firewall lies between
# $server (text)
caldav-dns = the name of the server is not known: { $server }; look at its spelling
caldav-exists = there is an object of that name already
# $says (message)
caldav-forbidden = the server does not allow it{ $says }: give the account access to the calendar, with the right to edit
# $what (message)
caldav-interrupted = the connection was cut before the answer was complete: { $what }
# $what (message)
caldav-invalid-url = this is no address of a calendar server: { $what }
caldav-not-found = there is nothing at that address: look at the address of the calendar
# $steps (message)
caldav-nothing-found = no calendars were found; tried: { $steps }; enter the address that the server's documentation gives for CalDAV
# $host (text)
caldav-plain-http = { $host } would be asked without encryption: use an https address, or add --allow-plain-http if the network between is your own
    .site = { $host } would be asked without encryption: use an https address, or allow plain http if the network between is your own
caldav-redirect-not-followed = the server answered with a redirect that a request of this kind cannot follow
# $to (text)
caldav-redirect-to-another = the server redirects to another one, { $to }, which is not given the password: if it is the right one, enter this address
# $to (text)
caldav-redirect-to-plain-http = the server redirects to an address without encryption, { $to }, where the password is not sent: look at how the server names itself behind its proxy
# $to (text)
caldav-redirect-too-often = the server redirects again and again, at last to { $to }
# $status (text)
# $says (message)
caldav-refused = the server refused it with status { $status }{ $says }
# $what (message)
caldav-settings = the settings for connections cannot be used: { $what }
# $schemes (text)
caldav-sign-in-unsupported = the server asks to sign in with { $schemes }; Basic, Bearer and Digest (RFC 7616, with MD5 or SHA-256 and qop=auth) are supported: switch one of them on there
caldav-timeout-connect = the server took too long: no connection was made in time; is it running, and reachable?
caldav-timeout-first-byte = the server took too long: its answer did not begin in time
caldav-timeout-idle = the server took too long: its answer stopped in the middle
caldav-timeout-total = the server took too long: its answer did not end in time
# $server (text)
caldav-tls = the server's certificate or its TLS is not accepted: { $server }; for a certificate of an authority of your own, set CALDAV_CA_FILE to a file with that authority's certificate
# $bound (text)
caldav-too-large = the server's answer is longer than { $bound } bytes, which is more than is read at once
# $seconds (text)
# $says (message)
caldav-too-many-requests = requests to this server are suspended for { $seconds } seconds, because it answered 429 Too Many Requests{ $says }. After failed sign-ins servers block IP addresses: if passwords were wrong, wait, or on Nextcloud run `occ security:bruteforce:reset` with this machine's address
caldav-trashed = the calendar was deleted on the server and is in its trash bin: restore it there, or remove the calendar here
# $says (message)
caldav-uid-conflict = the calendar holds another object with the same UID{ $says }
# $status (text)
# $says (message)
caldav-unavailable = the server cannot answer at the moment (status { $status }){ $says }: it is tried again later
caldav-unauthorized = the server does not accept the user name or the password: enter them again, on Nextcloud an app password; requests with this account are suspended until then, because servers block IP addresses after failed sign-ins
caldav-withdrawn = the change was not sent, because the decision for it is too old

## What exactly is wrong: within the failures of CalDAV requests

# $hint (message)
caldav-hint = {" "}(it says: { $hint })
# $words (text)
# $hint (message)
caldav-says-and-hint = {" "}(it says: { $words }; { $hint })
hint-no-right = it is there: the account may not change it
hint-signatures = it asks again and again for another signature
hint-too-large = it does not say why; the object may be too large
answer-compression = it cannot be decompressed
answer-cut-calendar = the iCalendar object stops in the middle
answer-empty-multistatus = a multistatus that says nothing
answer-no-activities = it is no answer of the Activity app
answer-no-calendar = it is no iCalendar
# $status (text)
answer-no-multistatus = status { $status } in place of 207
answer-page-to-write = a page in answer to a write
answer-partial = it lists only a part of the calendar
answer-silent = it says nothing of what was asked
# $status (text)
answer-status-to-get = status { $status } to a GET
# $status (text)
answer-status-to-write = status { $status } in answer to a write
answer-xml-unfinished = its XML does not end
xml-doctype = it has a DOCTYPE, which no answer of a calendar server has
# $entity (name)
xml-entity = it has an entity that is not defined: { $entity }
# $problem (text)
xml-malformed = it is no well-formed XML: { $problem }
xml-no-element = it is no well-formed XML: it does not begin with an element
xml-no-utf8 = it is no UTF-8
# $root (name)
xml-other-root = it is no DAV:multistatus but { $root }
xml-second-root = it is no well-formed XML: there is a second root
# $depth (number)
xml-too-deep = its elements are nested more than { $depth } deep
# $most (number)
xml-too-many = it lists more than { $most } objects
xml-unfinished = it stops in the middle
url-beginning = it begins with neither https:// nor http://
url-blank = it is empty or has blanks
url-no-host = it names no host
url-password = the user name and the password do not belong into the address
url-path = the path of the object is none
# $scheme (text)
url-scheme = { $scheme } is not spoken, only https and http
url-user-name = the user name does not belong into the address
ca-file-no-certificate = the file of CALDAV_CA_FILE holds no certificate in PEM
ca-file-no-pem = the file of CALDAV_CA_FILE is no PEM
# $status (text)
object-status = the server answers with status { $status } for it
object-elsewhere-missing = another answer says that it does not exist

## What discovery tried: an address, and what came of it

# $address (text)
# $outcome (message)
discovery-step = { $address }: { $outcome }
discovery-calendar = it is a calendar
# $to (text)
discovery-elsewhere = its calendars are on another server, { $to }
# $count (number)
discovery-holds = it holds { $count } calendars
# $paths (list)
discovery-homes = its calendars are in { $paths }
discovery-no-homes = it names no home of calendars
discovery-no-service = it is no CalDAV service, or does not say who you are
discovery-nobody = it does not say who you are
discovery-nothing = there is nothing
# $path (text)
discovery-principal = you are { $path }
discovery-silent = it says nothing of itself
# $status (text)
discovery-status = status { $status }

## What the test of a calendar's connection finds

answers-organizers = it notifies organizers itself
answers-no-organizers = it does not notify organizers: they only get email from Room Booking
# $when (moment)
audited-clean = its copy of the events was last compared with the server's at { $when }: nothing differed
# $when (moment)
# $count (number)
audited-mended =
    { $count ->
        [one] its copy of the events was last compared with the server's at { $when }: one event differed, and was fetched or removed; if that happens again, look whether the server was restored from a backup
       *[other] its copy of the events was last compared with the server's at { $when }: { $count } events differed, and were fetched or removed; if that happens again, look whether the server was restored from a backup
    }
built-in = it is built in
# $seconds (number)
clock-ahead = the server's clock is { $seconds } seconds ahead of this machine's; set both by NTP, because events are ranked by when they were created
# $seconds (number)
clock-behind = the server's clock is { $seconds } seconds behind this machine's; set both by NTP, because events are ranked by when they were created
# $since (moment)
# $failure (message)
failing-since = its runs have failed since { $since }, at last with: { $failure }
# $calendar (name)
also-calendar = it is the same calendar on the server as the calendar { $calendar }; remove one of the two here
conditions-honoured = a test showed that it refuses to write over or delete what was changed in the meantime
conditions-ignored = a test did not show that it refuses to write over or delete what was changed in the meantime; Room Booking reads each event again right before it writes it
conditions-untested = it is not known whether it refuses to write over or delete what was changed in the meantime, and a test was not possible; Room Booking reads each event again right before it writes it
# $address (text)
is-no-calendar = { $address } is no calendar; look at its address
may-all = the account may read, change, delete and create events
# $rights (list)
may-not = the account may not { $rights }; let the owner share the calendar with the right to edit
may-not-change = change events
may-not-create = create events
may-not-delete = delete events
may-not-read = read events
no-sync-collection = the server has no sync-collection (RFC 6578): all versions are listed whenever something has changed
# $calendar (text)
not-fetched-yet = its events have not been fetched yet: room-booking calendar sync { $calendar }
    .site = its events have not been fetched yet; the next run does that
# $theirs (text)
# $ours (text)
# $calendar (text)
other-zone = the server has { $theirs } as its time zone, and here it is { $ours }; set it with: room-booking calendar set { $calendar } --zone { $theirs }
    .site = the server has { $theirs } as its time zone, and here it is { $ours }; set it in the settings
rights-unknown = the server does not say what the account may do; the first run will show
# $server (text)
# $scheduling (message)
server-is = the server is { $server }; { $scheduling }
shared-in = it is shared with the account by its owner: some servers hide private events, and confidential events are kept; use the account of the owner if that matters
# $user (name)
# $address (text)
signs-in = { $user } signs in at { $address }, and the calendar is there
# $components (text)
takes-no-events = it takes no events, only { $components }

## What a kind of server does in its own way

quirk-activity = Its Activity app tells who booked, where an event does not say.
quirk-deletes-changed = It deletes objects that were changed in the meantime; Room Booking reads each one again right before it deletes it.
quirk-etags-repeat = Versions of objects that were deleted and created anew repeat; Room Booking compares the objects themselves.
quirk-forgets-silently = It does not say when it has forgotten what was changed; Room Booking compares all versions then.
quirk-gone-is-changed = It answers the deletion of an object that is gone as if it had been changed; Room Booking looks which of both it is.
quirk-hides-parts = It shows confidential events in part only to those whom a calendar is shared with; Room Booking keeps these unless the account is that of the owner.
quirk-no-version-after-inviting = It does not tell the new version after it has sent invitations; Room Booking reads the object back then.
quirk-overwrites-changed = It overwrites objects that were changed in the meantime; Room Booking reads each one again right before it writes it.
quirk-overwrites-existing = It overwrites existing objects with new ones; Room Booking looks first.
quirk-rewrites = It rewrites what it stores; Room Booking reads objects back after writing them.
