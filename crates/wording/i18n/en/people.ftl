### People, accounts, signing in and API keys.

## Signing in

sign-in = Sign in
sign-in-wrong = The user name and the password do not go together.
sign-in-help = Forgotten? An administrator can give you a link to choose another password.
user-name = User name
user-name-hint = What you sign in with, such as ann. Capitals do not matter.
password = Password
new-password = New password
present-password = Present password
password-hint = At least 10 characters. A few words in a row are good and easy to keep in mind.
password-again = The same once more
passwords-differ = is not the same
mail-address = Mail address
own-address-hint = Where you are told when a calendar fails or a run wants to be confirmed.
choose-password = Choose this password
first-title = Welcome
first-lead = Nobody looks after this installation yet. Choose a name and a password for the first administrator: you.
first-where = When the server starts, its log shows a one-time link by which you become the first administrator. It is good for an hour; start the server again for another one.
first-button = Begin
invitation-title = Welcome
# $user (text)
invitation-lead = You were invited as “{ $user }”. Choose a password, and you are in.
reset-title = Choose another password
# $user (text)
reset-lead = For the user “{ $user }”. You are signed out everywhere else.
done-session-over = You were signed out meanwhile, so nothing was changed. Sign in and do it again.
done-signed-out = You are signed out.
done-signed-out-everywhere = You are signed out everywhere.

## Account

account-title = Your account
change-password = Change your password
change-password-lead = You stay signed in here, and are signed out everywhere else.
change-password-button = Change the password
done-password-changed = Your password is changed.
sessions-title = Where you are signed in
sessions-lead = A session ends after 12 hours without use, and after 7 days at the latest.
session-browser = Browser
session-address = From
session-begun = Signed in
session-seen = Last used
session-this = this one
session-end = End
# $browser (text)
session-end-of = End the session of { $browser }
sign-out-everywhere = Sign out everywhere
done-session-ended = That session is ended.
unknown-browser = Unknown browser
## Second factor

second-factor-title = Two-factor authentication
second-factor-lead = After the password, signing in asks for a code from an authenticator app on your phone.
second-factor-required = This installation requires it. Set it up now; the other pages open afterwards.
second-factor-set = Set up
second-factor-change = Change
second-factor-replace = Set up another app
second-factor-off = Turn off
# $date (text)
second-factor-is-on = Two-factor authentication is on since { $date }.
# $count (number)
recovery-codes-left =
    { $count ->
        [one] One recovery code is left.
       *[other] { $count } recovery codes are left.
    }
second-factor-scan = Scan this code with the app, or type the key into it. Then enter the code that the app shows.
second-factor-qr = QR code with the key for the app
second-factor-key = Key
second-factor-code = Code
second-factor-code-hint = The 6 digits that the app shows now.
recovery-title = Recovery codes
recovery-lead = Two-factor authentication is on. Keep these codes in a safe place, apart from your phone. If you lose the app, each of them signs you in once.
recovery-renew = New recovery codes
recovery-renew-lead = You get new codes, and those from before stop working. Do this when few are left, or when somebody else may have seen them.
recovery-renew-button = Make new codes
code-title = Enter your code
code-hint = The 6 digits that your app shows now, or a recovery code.
code-is-wrong = This code is wrong, or was used already.
code-help = No app and no recovery code? An administrator can reset your second factor.
user-has-second-factor = It is on. Reset it if the user has lost the app and the recovery codes; the user is signed out everywhere.
second-factor-reset = Reset
done-second-factor-removed = Two-factor authentication is off.
sessions-of-user = Sessions
user-sign-out-text = Signs the user out in all browsers, and forgets that these belong to the user. Password, keys and links stay.
done-user-signed-out = The user is signed out everywhere.

## People

people-lead = Administrators look after everything. Others see the calendars that are assigned to them.
role = Role
role-hint = An administrator makes calendars, users, templates and priorities. Others see their calendars’ week and history, book and delete any event in them, can have them cleared, and have API keys of their own.
role-administrator = Administrator
role-ordinary = Ordinary user
not-active = not active
add-person = Invite somebody
add-person-text = You get a link to hand over, by which they choose a password of their own.
add-person-button = Make the user and an invitation
user-address-hint = Also the organiser of what this user books without naming one.
# $date (text)
user-since = User since { $date }
user-settings = Settings
is-active = Active
link-for-inactive = Let the user sign in again first: a link would be of no use.
is-active-hint = Who is not active cannot sign in, and their API keys do not work.
has-password = A password is set.
has-no-password = No password is set yet.
invitation-explained = A link by which this user chooses the first password. It is good for 7 days, and ends earlier ones.
reset-explained = A link by which this user chooses another password. It is good for a day. The present password works until it is used.
make-invitation = Make an invitation
make-reset = Make a link to another password
no-link-while-inactive = This user is not active, so no link would work. Make the user active first.
# $user (text)
invitation-for = Invitation for { $user }
# $user (text)
reset-for = Link for { $user }
invitation-hand-over = Hand this link over. Whoever opens it within 7 days chooses the password, once.
reset-hand-over = Hand this link over. Whoever opens it within a day chooses another password, once.
shown-once = It is shown this once only, and cannot be looked up again.
# $user (text)
to-user = To { $user }
user-calendars-text = An administrator sees all; API keys reach only those that are assigned.
user-no-calendars = No calendar is assigned
user-no-calendars-text = Assign the rooms that this user looks after.

## Keys

keys-lead = Programs sign in with a key: door panels, scripts, other software. A key reaches the calendars of its user, or some of them.
no-keys = There is no key yet
no-keys-text = Make one for each program, so that you can end one without the others.
add-key = Make a key
add-key-button = Make the key
key-name = Name
key-name-hint = What it is for, such as Panel at room 1.
key-user = User
key-user-hint = Whose calendars it reaches.
key-expiry = Good until
key-expiry-hint = The last day. Left empty, it is good until it is revoked.
key-rights = What it may do
key-limited = some calendars only
# $calendars (text)
key-only = only { $calendars }
# $calendars (text)
# $more (number)
key-only-some = only { $calendars } and { $more } more
key-last-used = Last used
key-valid = Good
key-of-inactive = Does not work: the user is not active
# $when (text)
key-ends = Good until { $when }
# $when (text)
key-ended = Ended { $when }
# $user (text)
key-of = of { $user }
key-revoked = Revoked
key-calendars = Which calendars
key-calendars-hint = None ticked: all that are assigned to the user, also those that come later.
right-read = Read: list calendars and events, with names
right-create = Create: book events
right-change = Change: change events
right-delete = Delete: delete events
right-preview = Preview: see what clearing would remove, in test mode only
right-clear = Clear: remove double bookings
right-freebusy = Free/busy: see when calendars are busy, without names
right-read-short = read
right-create-short = create
right-change-short = change
right-delete-short = delete
right-preview-short = preview
right-clear-short = clear
right-freebusy-short = free/busy
revoke = Revoke
done-key-revoked = The key is revoked. It stops working within a second.
done-key-renewed = The key works again.
key-renew = Renew
key-suspended = Does not work: its user was deactivated. Renew it to let it work again
key-made = The key is made
key-made-lead = Copy it to where it is used.
try-it = Try it
try-it-text = This line works as it stands, and changes nothing.
try-create-text = An example: it books a room tomorrow from 12:00 to 13:00, if it is free. Put in the calendar and the time that you need.
try-delete-text = An example: put in the calendar, and the id of an event in place of EVENT. Who books by the API is told the id.
try-nothing-text = The key may only see when calendars are busy, and no call of the API answers that yet.
to-keys = To all keys
