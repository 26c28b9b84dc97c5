### People, accounts, signing in and API keys.

## Signing in

sign-in = Sign in
sign-in-wrong = User name or password is incorrect.
sign-in-help = Forgotten your password? Ask an administrator for a password reset link.
user-name = User name
user-name-hint = The name that you sign in with, such as ann. Uppercase and lowercase letters are the same.
password = Password
new-password = New password
present-password = Current password
password-hint = At least 10 characters. Several random words in a row are strong and easy to remember.
password-again = Repeat password
passwords-differ = does not match
mail-address = Email address
own-address-hint = You get a message here when a calendar fails or a run needs confirmation.
choose-password = Set password
first-title = Welcome
first-lead = This installation has no administrator yet. Choose a user name and a password to become the first administrator.
first-where = When the server starts, it writes a one-time link to its log. Open this link to become the first administrator. It is valid for one hour; restart the server to get a new link.
first-button = Create administrator
invitation-title = Welcome
# $user (text)
invitation-lead = You were invited as “{ $user }”. Choose a password to sign in.
reset-title = Choose a new password
# $user (text)
reset-lead = For the user “{ $user }”. You are signed out everywhere else.
done-session-over = Your session has ended, so nothing was changed. Sign in and try again.
done-session-over-kept = Your session has ended, so nothing was changed. Sign in, and the form comes back with what you typed.
done-typed-kept = This is what you typed before your session ended. Nothing has been sent yet.
done-signed-out = You are signed out.
done-signed-out-everywhere = You are signed out everywhere.

## Signing in with a provider or a directory

# $name (text)
openid-sign-in = Sign in with { $name }
# $name (text)
openid-down = { $name } does not answer at the moment. Try again in a few minutes.
# $name (text)
openid-refused = { $name } did not sign you in. Try again.
openid-too-old = This sign-in was begun in another browser or too long ago. Begin again.
vouched-unknown = You have no account here yet. Ask an administrator to create one with your email address.
vouched-not-active = Your account is deactivated. Ask an administrator.
vouched-address = Your email address is not confirmed where you sign in, so your account cannot be found. Ask an administrator.
vouched-ambiguous = Your account cannot be found without doubt. Ask an administrator: the reason is under History, Settings.
directory-down = The directory does not answer at the moment. Try again in a few minutes.
# $name (text)
passwords-off = Passwords are turned off here. Sign in with { $name }.
passwords-off-for-user = Passwords are turned off here: the user signs in with the provider. An account needs an email address, by which the provider's user is matched.
# $name (text)
openid-still = You may still be signed in at { $name }.
# $name (text)
openid-end = Sign out of { $name }
# $name (text)
account-vouched = You sign in with { $name }, so you have no password here.
identity-directory-name = the directory
identities-title = Sign-in elsewhere
identities-text = The user signs in with this account. If you remove it, sessions that began with it end, and the next sign-in is matched by the email address again.
identity-openid = OpenID Connect
identity-directory = Directory
# $bound (text)
# $used (text)
identity-since = Since { $bound }, last used { $used }
identity-remove = Remove sign-in
role-of-group = A group decides the role at each sign-in elsewhere.
done-identity-removed = Sign-in removed.

## Account

account-title = Your account
change-password = Change password
change-password-lead = You stay signed in here and are signed out everywhere else.
change-password-button = Change password
done-password-changed = Password changed.
sessions-title = Where you are signed in
sessions-lead = A session ends after 12 hours without use, and after 7 days at the latest.
session-browser = Browser
session-address = From
session-begun = Signed in
session-seen = Last used
session-this = this session
session-end = End session
# $browser (text)
session-end-of = End session: { $browser }
sign-out-everywhere = Sign out everywhere
done-session-ended = Session ended.
unknown-browser = Unknown browser
## Second factor

second-factor-title = Two-factor authentication
second-factor-lead = After your password, you enter a code from an authenticator app on your phone.
second-factor-required = This installation requires two-factor authentication. Set it up now to use the other pages.
second-factor-set = Set up
second-factor-change = Change
second-factor-replace = Set up another app
second-factor-off = Turn off
# $date (text)
second-factor-is-on = Two-factor authentication has been on since { $date }.
# $count (number)
recovery-codes-left =
    { $count ->
        [one] One recovery code is left.
       *[other] { $count } recovery codes are left.
    }
second-factor-scan = Scan this code with the app, or type the key into the app. Then enter the code that the app shows.
second-factor-qr = QR code with the key for the app
second-factor-key = Key
second-factor-code = Code
second-factor-code-hint = The 6 digits that the app shows now.
recovery-title = Recovery codes
recovery-lead = Two-factor authentication is on. Keep these codes in a safe place, apart from your phone. If you lose the app, you can sign in once with each code.
recovery-renew = New recovery codes
recovery-renew-lead = You get new codes, and the earlier codes stop working. Do this when only a few are left, or when somebody else may have seen them.
recovery-renew-button = Create new codes
code-title = Enter your code
code-hint = The 6 digits that your app shows now, or a recovery code.
code-is-wrong = The code is wrong or was already used.
code-help = No app and no recovery code? An administrator can reset your second factor.
user-has-second-factor = Two-factor authentication is on. Reset it if the user has lost the app and the recovery codes. The user is then signed out everywhere.
second-factor-reset = Reset
done-second-factor-removed = Two-factor authentication is off.
sessions-of-user = Sessions
user-sign-out-text = Signs the user out in all browsers, and no longer recognises these browsers. The password, API keys and links stay valid.
done-user-signed-out = The user is signed out everywhere.

## People

people-lead = Administrators manage everything. Other users see the calendars that they have access to.
role = Role
role-hint = Administrators manage calendars, users, templates and priorities. Ordinary users see the week and the history of their calendars, book and delete any event in them, can have them cleared, and have their own API keys.
role-administrator = Administrator
role-ordinary = Ordinary user
not-active = deactivated
add-person = Invite a person
add-person-text = You get a link to give to the person, who then chooses a password.
add-person-button = Create user and invitation
user-address-hint = Also used as the organizer when this user books without entering one.
# $date (text)
user-since = User since { $date }
user-settings = Settings
is-active = Active
link-for-inactive = Activate the user first. Links do not work for deactivated users.
is-active-hint = Deactivated users cannot sign in, and their API keys do not work.
has-password = A password is set.
has-no-password = No password is set yet.
invitation-explained = With this link, the user chooses a first password. It is valid for 7 days and replaces earlier links.
reset-explained = With this link, the user chooses a new password. It is valid for one day. The current password works until the link is used.
make-invitation = Create invitation
make-reset = Create password reset link
no-link-while-inactive = The user is deactivated, so no link would work. Activate the user first.
# $user (text)
invitation-for = Invitation for { $user }
# $user (text)
reset-for = Password reset link for { $user }
# $rooms (text)
invitation-rooms = Access to: { $rooms }
invitation-hand-over = Give this link to the user. It works once, within 7 days.
reset-hand-over = Give this link to the user. It works once, within one day.
shown-once = It is shown only once. Copy it now.
# $user (text)
to-user = Go to { $user }
user-calendars-text = Administrators see all calendars. API keys reach only the calendars that the user has access to.
user-no-calendars = No access to any calendar
user-no-calendars-text = Give access to the rooms that this user manages.

## Keys

keys-lead = Programs such as door panels and scripts sign in with an API key. A key reaches all calendars of its user, or some of them.
no-keys = No API keys yet
no-keys-text = Create one key for each program, so that you can revoke each key separately.
add-key = Create API key
add-key-button = Create key
key-name = Name
key-name-hint = What the key is for, such as Panel at room 1.
key-user = User
key-user-hint = The key reaches the calendars of this user.
key-expiry = Valid until
key-expiry-hint = The last day on which the key is valid. If empty, the key does not expire.
key-rights = Permissions
key-limited = some calendars only
# $calendars (text)
key-only = only { $calendars }
# $calendars (text)
# $more (number)
key-only-some = only { $calendars } and { $more } more
key-last-used = Last used
key-valid = Valid
key-of-inactive = Does not work: the user is deactivated
# $when (text)
key-ends = Valid until { $when }
# $when (text)
key-ended = Expired { $when }
# $user (text)
key-of = of { $user }
key-revoked = Revoked
key-calendars = Calendars
key-calendars-hint = None selected: all calendars that the user has access to, including those added later.
right-read = Read: list calendars and events, with names
right-create = Create: book events
right-change = Change: change events
right-delete = Delete: delete events
right-preview = Preview: see what would be removed, in test mode only
right-clear = Clear: remove double bookings
right-freebusy = Free/busy: see when calendars are busy, without names
right-read-short = read
right-create-short = create
right-change-short = change
right-delete-short = delete
right-preview-short = preview
right-clear-short = clear
right-freebusy-short = free/busy
revoke = Revoke key
done-key-revoked = Key revoked. It stops working within a second.
done-key-renewed = Key renewed. It works again.
key-renew = Renew key
key-suspended = Does not work: its user was deactivated. Renew the key to use it again
key-made = API key created
key-made-lead = Copy it to the program that uses it.
try-it = Try it
try-it-text = This command works as it is and changes nothing.
try-create-text = Example: this command books a room tomorrow from 12:00 to 13:00 if it is free. Replace the calendar and the time.
try-delete-text = Example: replace the calendar, and replace EVENT with the ID of an event. The API returns this ID when you book.
try-nothing-text = The key can only see when calendars are busy. The API has no request for that yet.
to-keys = Go to all keys
