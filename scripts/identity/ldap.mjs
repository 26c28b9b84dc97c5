// Sign-in against a directory: Debian's slapd, as a process of its own with a configuration of its own.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../browser/lib.mjs';
import { Browser, PASSWORD, Server } from './lib.mjs';

const BASE = 'dc=example,dc=org';
const ADMINS = `cn=room-admins,ou=groups,${BASE}`;
const SERVICE = { dn: `cn=service,${BASE}`, password: 'geheim-of-the-service' };
const ROOT_PASSWORD = 'geheim-of-root';
const OWN = 'violet harbour 61 engine';

const PEOPLE = `
dn: ${BASE}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ${SERVICE.dn}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: service
userPassword: ${SERVICE.password}

dn: ou=people,${BASE}
objectClass: organizationalUnit
ou: people

dn: ou=groups,${BASE}
objectClass: organizationalUnit
ou: groups
${['ann', 'bob', 'carl', 'twin'].map((uid) => `
dn: uid=${uid},ou=people,${BASE}
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid}
sn: ${uid}
mail: ${uid}@example.org
userPassword: ${OWN}
`).join('')}
dn: cn=second twin,ou=people,${BASE}
objectClass: inetOrgPerson
uid: twin
cn: second twin
sn: twin
userPassword: ${OWN}

dn: ${ADMINS}
objectClass: groupOfNames
cn: room-admins
member: uid=ann,ou=people,${BASE}
`;

function checked(command, args, input = '') {
  const done = spawnSync(command, args, { input, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command}: ${done.stderr}`);
}

// A directory on a port of its own, with a certificate of an authority of its own.
export class Directory {
  static async start() {
    const directory = new Directory();
    const folder = mkdtempSync(join(tmpdir(), 'directory-'));
    directory.folder = folder;
    directory.port = await freePort();
    directory.tlsPort = await freePort();
    const file = (name) => join(folder, name);
    mkdirSync(file('data'));
    checked('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=Test authority',
      '-keyout', file('ca.key'), '-out', file('ca.pem')]);
    checked('openssl', ['req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', file('key.pem'), '-out', file('csr.pem')]);
    writeFileSync(file('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n');
    checked('openssl', ['x509', '-req', '-in', file('csr.pem'), '-CA', file('ca.pem'), '-CAkey', file('ca.key'),
      '-CAcreateserial', '-days', '2', '-extfile', file('names'), '-out', file('cert.pem')]);
    writeFileSync(file('slapd.conf'), `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile ${file('pid')}
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile ${file('ca.pem')}
TLSCertificateFile ${file('cert.pem')}
TLSCertificateKeyFile ${file('key.pem')}
allow bind_anon_cred bind_anon_dn
database mdb
suffix "${BASE}"
directory ${file('data')}
rootdn "cn=root,${BASE}"
rootpw ${ROOT_PASSWORD}
access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="ou=people,${BASE}" by dn.exact="${SERVICE.dn}" read by self read by * none
access to * by dn.exact="${SERVICE.dn}" read by * none
`);
    checked('slapadd', ['-f', file('slapd.conf')], PEOPLE);
    await directory.listen();
    return directory;
  }

  get url() { return `ldap://127.0.0.1:${this.port}`; }

  async listen() {
    const urls = `${this.url} ldaps://127.0.0.1:${this.tlsPort}`;
    this.child = spawn('slapd', ['-f', join(this.folder, 'slapd.conf'), '-h', urls, '-d', '0'], { stdio: 'ignore' });
    for (let times = 0; ; times += 1) {
      const answers = await new Promise((resolve) => {
        const socket = createConnection(this.port, '127.0.0.1');
        socket.once('connect', () => { socket.destroy(); resolve(true); });
        socket.once('error', () => resolve(false));
      });
      if (answers) return;
      if (times > 100) throw new Error('slapd does not answer');
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }

  // Adds a member to the group of administrators, or deletes one.
  change(how, uid) {
    const change = `dn: ${ADMINS}\nchangetype: modify\n${how}: member\nmember: uid=${uid},ou=people,${BASE}\n`;
    checked('ldapmodify', ['-x', '-H', this.url, '-D', `cn=root,${BASE}`, '-w', ROOT_PASSWORD], change);
  }

  async stop() {
    const ended = new Promise((resolve) => { this.child.once('exit', resolve); });
    this.child.kill('SIGTERM');
    await ended;
  }

  async end() {
    if (this.child.exitCode === null) await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const test = (name, work, more = () => ({})) => [name, async () => {
  const directory = await Directory.start();
  const server = await Server.start((url) => ({
    PUBLIC_URL: url,
    LDAP_URL: directory.url,
    LDAP_BIND_DN: SERVICE.dn,
    LDAP_BIND_PASSWORD: SERVICE.password,
    LDAP_BASE: BASE,
    ...more(directory),
  }));
  try {
    await server.addUser('root', '--administrator');
    await server.addUser('robert', '--address', 'bob@example.org');
    await server.serve();
    await work({ server, directory });
    for (const secret of [SERVICE.password, OWN, PASSWORD]) {
      assert(!server.log.includes(secret), `the log holds ${secret}`);
    }
  } finally {
    await server.stop();
    await directory.end();
  }
}];

// The code that an app shows now (RFC 6238).
function totp(key) {
  const bits = [...key].map((it) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(it).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from(bits.match(/.{8}/g).map((it) => parseInt(it, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', bytes).update(step).digest();
  const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

const signsIn = async (server, name, password) => {
  const browser = new Browser();
  const seen = await browser.passwordSignIn(server, name, password);
  return { browser, seen, is: await browser.isSignedIn(server) };
};

export const tests = [
  test('a password of the directory signs in the user with the address of the entry, and no other password does', async ({ server }) => {
    const { browser, seen, is } = await signsIn(server, 'bob', OWN);
    assert.equal(seen.to, `${server.url}/admin`);
    assert(is);
    assert.match((await browser.go(`${server.url}/admin/account`)).text, /robert, bob@example.org/);
    for (const [name, password] of [['bob', 'wrong'], ['bob', PASSWORD], ['nobody', OWN], ['robert', OWN]]) {
      const wrong = await signsIn(server, name, password);
      assert.equal(wrong.seen.status, 401, `${name} ${password}`);
      assert(!wrong.is);
    }
    // A password of this program stays one.
    assert((await signsIn(server, 'robert', PASSWORD)).is);
    const root = (await signsIn(server, 'root', PASSWORD)).browser;
    const trail = (await root.go(`${server.url}/admin/audit`)).text;
    for (const text of ['sign-in elsewhere bound', 'with the directory', 'sign-in failed']) assert(trail.includes(text), text);
  }),
  test('an empty password is never tried: the directory would take it', async ({ server, directory }) => {
    const anonymous = spawnSync('ldapwhoami', ['-x', '-H', directory.url, '-D', `uid=bob,ou=people,${BASE}`, '-w', ''], { encoding: 'utf8' });
    assert.equal(anonymous.status, 0, anonymous.stderr);
    for (const password of ['', ' ']) {
      const { seen, is } = await signsIn(server, 'bob', password);
      assert.equal(seen.status, 401);
      assert(!is);
    }
  }),
  test('a name cannot change the filter', async ({ server }) => {
    for (const name of ['*', 'bo*', '*)(uid=*', 'bob)(|(uid=*', 'bob)(objectClass=*', 'bob\\2a', '\\62ob', 'bob\0', ')(', '(|(uid=bob)']) {
      const { seen, is } = await signsIn(server, name, OWN);
      assert.equal(seen.status, 401, name);
      assert(!is);
    }
  }, () => ({ LDAP_CREATE_USERS: 'true' })),
  test('a name that two entries have signs nobody in', async ({ server }) => {
    const { seen, is } = await signsIn(server, 'twin', OWN);
    assert.equal(seen.status, 401);
    assert(!is);
    assert.match(server.log, /finds several entries for one name/);
  }, () => ({ LDAP_CREATE_USERS: 'true' })),
  test('people without a user are refused unless users are made; the group makes administrators', async ({ server }) => {
    const carl = await signsIn(server, 'carl', OWN);
    assert.equal(carl.seen.status, 403);
    assert.match(carl.seen.text, /You have no account here yet/);
    const ann = await signsIn(server, 'ann', OWN);
    assert(ann.is);
    assert.equal((await ann.browser.go(`${server.url}/admin/users`)).status, 200);
    assert.match((await ann.browser.go(`${server.url}/admin/account`)).text, /ann, ann@example.org/);
  }, () => ({ LDAP_ADMIN_GROUP: ADMINS })),
  test('the role follows the group behind a password of this program too, once the directory knows the user', async ({ server, directory }) => {
    const users = async (password) => (await (await signsIn(server, 'robert', password)).browser.go(`${server.url}/admin/users`)).status;
    assert.equal(await users(PASSWORD), 403);
    directory.change('add', 'bob');
    assert.equal(await users(PASSWORD), 403, 'the directory does not know robert yet');
    assert((await signsIn(server, 'bob', OWN)).is);
    assert.equal(await users(PASSWORD), 200);
    directory.change('delete', 'bob');
    assert.equal(await users(PASSWORD), 403);
    directory.change('add', 'bob');
    await directory.stop();
    assert.equal(await users(PASSWORD), 403, 'the role stays');
  }, () => ({ LDAP_ADMIN_GROUP: ADMINS })),
  ...[['', {}], [', also before TLS', { LDAP_STARTTLS: 'true' }]].map(([when, more]) =>
    test(`an answer that is deep ends one sign-in and nothing else${when}`, async ({ server, directory }) => {
      await directory.stop();
      const levels = 40_000;
      const deep = Buffer.alloc(levels * 5);
      for (let level = 0; level < levels; level += 1) {
        deep.writeUInt8(0x30, level * 5);
        deep.writeUInt32BE(0x83000000 + (levels - level - 1) * 5, level * 5 + 1);
      }
      const hostile = createServer((socket) => {
        socket.on('error', () => {});
        socket.on('data', () => socket.write(deep));
      });
      await new Promise((resolve) => { hostile.listen(directory.port, '127.0.0.1', resolve); });
      assert.equal((await signsIn(server, 'bob', OWN)).seen.status, 502);
      assert((await signsIn(server, 'root', PASSWORD)).is);
      assert.match(server.log, /the directory's answer cannot be read/);
      await new Promise((resolve) => { hostile.close(resolve); });
    }, () => more)),
  test('the service account is needed, and a wrong one is said by doctor', async ({ server }) => {
    const { seen, is } = await signsIn(server, 'bob', OWN);
    assert.equal(seen.status, 502);
    assert(!is);
    const doctor = await server.command(['doctor']);
    assert.equal(doctor.status, 1);
    assert.match(doctor.text, /refused LDAP_BIND_DN with the result code 49/);
  }, () => ({ LDAP_BIND_PASSWORD: 'another' })),
  test('while the directory is down, that is said, and passwords of this program work', async ({ server, directory }) => {
    assert.match((await server.command(['doctor'])).text, /directory: ldap:\S+ answers/);
    await directory.stop();
    const { seen, is } = await signsIn(server, 'bob', OWN);
    assert.equal(seen.status, 502);
    assert.match(seen.text, /The directory does not answer at the moment/);
    assert(!is);
    assert((await signsIn(server, 'root', PASSWORD)).is);
    assert.match((await server.command(['doctor'])).text, /directory: .*no connection/);
    await directory.listen();
    assert((await signsIn(server, 'bob', OWN)).is);
  }),
  test('a directory that says nothing is given up', async ({ server, directory }) => {
    await directory.stop();
    const sockets = [];
    const silent = createServer((socket) => {
      socket.on('error', () => {});
      sockets.push(socket);
    });
    await new Promise((resolve) => { silent.listen(directory.port, '127.0.0.1', resolve); });
    const { seen } = await signsIn(server, 'bob', OWN);
    assert.equal(seen.status, 502);
    assert.match(server.log, /no answer in time/);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => { silent.close(resolve); });
  }),
  test('an answer that is no LDAP is one that cannot be read', async ({ server, directory }) => {
    await directory.stop();
    const noise = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise((resolve) => { noise.listen(directory.port, '127.0.0.1', resolve); });
    assert.equal((await signsIn(server, 'bob', OWN)).seen.status, 502);
    assert((await signsIn(server, 'root', PASSWORD)).is);
    await new Promise((resolve) => { noise.close(resolve); });
  }),
  test('who has a password in the directory only sets a second factor up with that password', async ({ server }) => {
    const { browser, seen } = await signsIn(server, 'carl', OWN);
    assert.equal(seen.to, `${server.url}/admin`);
    const way = `${server.url}/admin/account/second-factor`;
    assert.equal((await browser.go(seen.to)).to, way, 'REQUIRE_SECOND_FACTOR holds for passwords of the directory');
    const page = await browser.go(way);
    const key = [...page.text.matchAll(/<code>([A-Z2-7]+)<\/code>/g)].at(-1)[1];
    const form = {
      form_token: page.text.match(/name="form_token" value="(\w+)"/)[1],
      sealed: page.text.match(/name="sealed" value="([^"]+)"/)[1],
      code: totp(key),
    };
    for (const present of ['', PASSWORD]) assert.equal((await browser.go(way, { ...form, present })).status, 422);
    const set = await browser.go(way, { ...form, present: OWN });
    assert.equal(set.status, 200, set.text);
    const recovery = set.text.match(/\w{4}(-\w{4}){5}/)[0];
    const again = new Browser();
    const waits = await again.passwordSignIn(server, 'carl', OWN);
    assert.match(waits.to, /\/admin\/second-factor/);
    assert(!await again.isSignedIn(server));
    const done = await again.post(`${server.url}/admin/second-factor`, { code: recovery, next: '/admin' });
    assert.equal(done.to, `${server.url}/admin`);
    assert.equal((await again.go(done.to)).status, 200);
  }, () => ({ LDAP_CREATE_USERS: 'true', REQUIRE_SECOND_FACTOR: 'all' })),
  test('StartTLS needs the authority of the directory', async ({ server, directory }) => {
    assert((await signsIn(server, 'bob', OWN)).is);
    server.env.LDAP_CA_FILE = '';
    const doctor = await server.command(['doctor']);
    assert.match(doctor.text, /directory: ldap:\S+: no connection: .*certificate/);
    assert.equal(directory.child.exitCode, null);
  }, (directory) => ({ LDAP_STARTTLS: 'true', LDAP_CA_FILE: join(directory.folder, 'ca.pem') })),
  test('ldaps works', async ({ server }) => {
    assert((await signsIn(server, 'bob', OWN)).is);
  }, (directory) => ({ LDAP_URL: `ldaps://127.0.0.1:${directory.tlsPort}`, LDAP_CA_FILE: join(directory.folder, 'ca.pem') })),
];
