<?php
// The server that `scripts/servers/sabre` starts, and what it needs first:
//
//   php sabre.php prepare FOLDER PASSWORD USER…
//
// Room Booking gets in by Digest only, as Baïkal is installed; other clients may use Basic.

declare(strict_types=1);
date_default_timezone_set('UTC');
require getenv('SABRE') . '/autoload.php';

const REALM = 'SabreDAV';

// What its PDO backends read and write; the package holds no schema.
const TABLES = [
    'CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT UNIQUE, digesta1 TEXT)',
    'CREATE TABLE principals (id INTEGER PRIMARY KEY, uri TEXT UNIQUE, email TEXT, displayname TEXT)',
    'CREATE TABLE groupmembers (id INTEGER PRIMARY KEY, principal_id INTEGER, member_id INTEGER,
        UNIQUE (principal_id, member_id))',
    'CREATE TABLE calendars (id INTEGER PRIMARY KEY, synctoken INTEGER NOT NULL DEFAULT 1,
        components TEXT)',
    'CREATE TABLE calendarinstances (id INTEGER PRIMARY KEY, calendarid INTEGER NOT NULL,
        principaluri TEXT, access INTEGER NOT NULL DEFAULT 1, displayname TEXT, uri TEXT,
        description TEXT, calendarorder INTEGER DEFAULT 1, calendarcolor TEXT, timezone TEXT,
        transparent INTEGER, share_href TEXT, share_displayname TEXT,
        share_invitestatus INTEGER DEFAULT 2, UNIQUE (principaluri, uri))',
    'CREATE TABLE calendarobjects (id INTEGER PRIMARY KEY, calendardata BLOB, uri TEXT,
        calendarid INTEGER, lastmodified INTEGER, etag TEXT, size INTEGER, componenttype TEXT,
        firstoccurence INTEGER, lastoccurence INTEGER, uid TEXT, UNIQUE (calendarid, uri))',
    'CREATE TABLE calendarchanges (id INTEGER PRIMARY KEY, uri TEXT, synctoken INTEGER,
        calendarid INTEGER, operation INTEGER)',
    'CREATE INDEX changes_of_calendar ON calendarchanges (calendarid, synctoken)',
    'CREATE TABLE calendarsubscriptions (id INTEGER PRIMARY KEY, uri TEXT, principaluri TEXT,
        source TEXT, displayname TEXT, refreshrate TEXT, calendarorder INTEGER, calendarcolor TEXT,
        striptodos INTEGER, stripalarms INTEGER, stripattachments INTEGER, lastmodified INTEGER)',
    'CREATE TABLE schedulingobjects (id INTEGER PRIMARY KEY, principaluri TEXT, calendardata BLOB,
        uri TEXT, lastmodified INTEGER, etag TEXT, size INTEGER, UNIQUE (principaluri, uri))',
    'CREATE TABLE propertystorage (id INTEGER PRIMARY KEY, path TEXT, name TEXT, valuetype INTEGER,
        value TEXT, UNIQUE (path, name))',
];

function database(string $folder): PDO
{
    $pdo = new PDO("sqlite:$folder/calendars.db");
    $pdo->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
    $pdo->exec('PRAGMA busy_timeout = 20000');
    $pdo->exec('PRAGMA synchronous = OFF');

    return $pdo;
}

if (PHP_SAPI === 'cli') {
    [, , $folder, $password] = $argv;
    $pdo = database($folder);
    $pdo->exec('PRAGMA journal_mode = WAL');
    array_map([$pdo, 'exec'], TABLES);
    $user = $pdo->prepare('INSERT INTO users (username, digesta1) VALUES (?, ?)');
    $principal = $pdo->prepare('INSERT INTO principals (uri, email, displayname) VALUES (?, ?, ?)');
    foreach (array_slice($argv, 4) as $name) {
        $user->execute([$name, md5("$name:" . REALM . ":$password")]);
        $principal->execute(["principals/$name", "$name@example.test", $name]);
        $principal->execute(["principals/$name/calendar-proxy-read", null, null]);
        $principal->execute(["principals/$name/calendar-proxy-write", null, null]);
    }
    // Alice and Bob may write what is the room's.
    $pdo->exec(
        "INSERT INTO groupmembers (principal_id, member_id) SELECT proxy.id, member.id
         FROM principals proxy, principals member
         WHERE proxy.uri = 'principals/room/calendar-proxy-write'
           AND member.uri IN ('principals/alice', 'principals/bob')"
    );
    exit;
}

$pdo = database(getenv('FOLDER'));
$principals = new Sabre\DAVACL\PrincipalBackend\PDO($pdo);
$calendars = new Sabre\CalDAV\Backend\PDO($pdo);
$server = new Sabre\DAV\Server([
    new Sabre\CalDAV\Principal\Collection($principals),
    new Sabre\CalDAV\CalendarRoot($principals, $calendars),
]);
$server->setBaseUri('/');
$digest = new Sabre\DAV\Auth\Backend\PDO($pdo);
$digest->setRealm(REALM);
$auth = new Sabre\DAV\Auth\Plugin($digest);
if (!str_starts_with($_SERVER['HTTP_USER_AGENT'] ?? '', 'RoomBooking/')) {
    $auth->addBackend(new Sabre\DAV\Auth\Backend\BasicCallBack(
        function (string $name, string $password) use ($pdo): bool {
            $found = $pdo->prepare('SELECT digesta1 FROM users WHERE username = ?');
            $found->execute([$name]);

            return $found->fetchColumn() === md5("$name:" . REALM . ":$password");
        }
    ));
}
$server->addPlugin($auth);
$server->addPlugin(new Sabre\DAVACL\Plugin());
$server->addPlugin(new Sabre\CalDAV\Plugin());
$server->addPlugin(new Sabre\CalDAV\Schedule\Plugin());
$server->addPlugin(new Sabre\DAV\Sync\Plugin());
$server->addPlugin(new Sabre\DAV\Sharing\Plugin());
$server->addPlugin(new Sabre\CalDAV\SharingPlugin());
$server->addPlugin(new Sabre\DAV\PropertyStorage\Plugin(
    new Sabre\DAV\PropertyStorage\Backend\PDO($pdo)
));
$server->start();
