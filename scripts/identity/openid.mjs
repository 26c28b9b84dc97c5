// Sign-in with OpenID Connect, against oidc-provider.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { freePort, launch } from '../browser/lib.mjs';
import { Browser, CLIENT, PASSWORD, People, Server } from './lib.mjs';

const ACCOUNTS = {
  ann: { email: 'ann@example.org', email_verified: true, preferred_username: 'ann.smith', groups: ['room-admins', 'staff'] },
  bob: { email: 'Bob@Example.org', email_verified: true, preferred_username: 'bob', groups: ['staff'] },
  eve: { email: 'root@example.org', email_verified: false, preferred_username: 'eve', groups: [] },
  mal: { email: 'bob@example.org', email_verified: true, preferred_username: 'mal', groups: [] },
  new: { email: 'new@example.org', email_verified: true, preferred_username: 'newcomer', groups: ['staff'] },
  off: { email: 'off@example.org', email_verified: true, preferred_username: 'off', groups: ['room-admins'] },
};

// A server with users, beside a provider with people.
async function both(more = {}) {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const server = await Server.start((url) => ({
    PUBLIC_URL: url,
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
    OIDC_NAME: 'Example ID',
    OIDC_SCOPES: 'email profile groups',
    ...more,
  }));
  await server.addUser('root', '--administrator', '--address', 'root@example.org');
  await server.addUser('bob', '--address', 'bob@example.org');
  await server.addUser('off', '--address', 'off@example.org');
  await server.command(['user', 'deactivate', 'off']);
  await server.serve();
  const people = await People.start(port, server.url, ACCOUNTS);
  const end = async () => {
    await server.stop();
    await people.stop();
  };
  return { server, people, end };
}

// Begins a sign-in: the address of the provider.
async function begin(browser, server, next = '') {
  const seen = await browser.go(`${server.url}/admin/sign-in/openid${next}`);
  assert.equal(seen.status, 303, seen.text);
  return seen.to;
}

// Signs an account in, to its end.
async function signIn(browser, { server, people }, account, next = '') {
  const back = await people.signIn(browser, await begin(browser, server, next), account, server.url);
  return { back, seen: await browser.go(back) };
}

async function audit(server) {
  const browser = new Browser();
  assert.equal((await browser.passwordSignIn(server, 'root', PASSWORD)).status, 303);
  return (await browser.go(`${server.url}/admin/audit`)).text;
}

async function isAdministrator(browser, server) {
  return (await browser.go(`${server.url}/admin/users`)).status === 200;
}

const test = (name, work, more) => [name, async () => {
  const world = await both(more);
  try {
    await work(world);
    // Whatever happened, what grants access is in no log, however much is logged.
    for (const secret of [CLIENT.secret, PASSWORD, 'code=', ...(world.secrets ?? [])]) {
      assert(!world.server.log.includes(secret), `the log holds ${secret}`);
    }
  } finally {
    await world.end();
  }
}];

export const tests = [
  test('a user is matched by the verified address, whatever its case, and by the subject from then on', async (world) => {
    const { server, people } = world;
    const browser = new Browser();
    const url = new URL(await begin(browser, server, '?next=/admin/history'));
    assert.equal(url.searchParams.get('response_type'), 'code');
    assert.equal(url.searchParams.get('code_challenge_method'), 'S256');
    for (const name of ['state', 'nonce', 'code_challenge']) assert(url.searchParams.get(name).length >= 20, name);
    const { back, seen } = await signIn(browser, world, 'bob', '?next=/admin/history');
    world.secrets = [new URL(back).searchParams.get('code'), new URL(back).searchParams.get('state')];
    assert.equal(seen.to, `${server.url}/admin/history`);
    assert(await browser.isSignedIn(server));
    assert(!await isAdministrator(browser, server));
    // The address changes at the provider, and somebody else has it now.
    people.accounts.bob.email = 'robert@example.org';
    people.accounts.eve = { email: 'bob@example.org', email_verified: true, preferred_username: 'eve' };
    const again = new Browser();
    assert.equal((await signIn(again, world, 'bob')).seen.to, `${server.url}/admin`);
    assert.match((await again.go(`${server.url}/admin/account`)).text, /bob, bob@example.org/);
    const other = new Browser();
    const refused = (await signIn(other, world, 'eve')).seen;
    assert.equal(refused.status, 403);
    assert(!await other.isSignedIn(server));
    const trail = await audit(server);
    for (const text of ['sign-in elsewhere bound', 'with OpenID Connect', 'has another sign-in']) {
      assert(trail.includes(text), text);
    }
  }),
  test('an address that is not verified matches nobody, not even an administrator', async (world) => {
    const browser = new Browser();
    const { seen } = await signIn(browser, world, 'eve');
    assert.equal(seen.status, 403);
    assert.match(seen.text, /Your email address is not confirmed/);
    assert(!await browser.isSignedIn(world.server));
    assert.match(await audit(world.server), /the email address is not verified/);
  }, { OIDC_CREATE_USERS: 'true' }),
  test('people without a user are refused, unless users are made', async (world) => {
    const browser = new Browser();
    const { seen } = await signIn(browser, world, 'new');
    assert.equal(seen.status, 403);
    assert.match(seen.text, /You have no account here yet/);
    assert.match(await audit(world.server), /no user has this address/);
  }),
  test('where users are made, they are ordinary ones with the verified address', async (world) => {
    const browser = new Browser();
    const { seen } = await signIn(browser, world, 'new');
    assert.equal(seen.to, `${world.server.url}/admin`);
    const account = await browser.go(`${world.server.url}/admin/account`);
    assert.match(account.text, /newcomer, new@example.org/);
    assert.match(account.text, /You sign in with Example ID, so you have no password here/);
    assert(!await isAdministrator(browser, world.server));
  }, { OIDC_CREATE_USERS: 'true' }),
  test('a deactivated user stays out, also as a member of the group of administrators', async (world) => {
    const browser = new Browser();
    const { seen } = await signIn(browser, world, 'off');
    assert.equal(seen.status, 403);
    assert.match(seen.text, /Your account is deactivated/);
    assert(!await browser.isSignedIn(world.server));
  }, { OIDC_ADMIN_GROUP: 'room-admins', OIDC_CREATE_USERS: 'true' }),
  test('the group makes administrators and unmakes them, but never the last one', async (world) => {
    const { server, people } = world;
    const ann = new Browser();
    // A member of the group is made, although users are not.
    assert.equal((await signIn(ann, world, 'ann')).seen.to, `${server.url}/admin`);
    assert(await isAdministrator(ann, server));
    people.accounts.ann.groups = ['staff'];
    assert.equal((await signIn(new Browser(), world, 'ann')).seen.to, `${server.url}/admin`);
    assert(!await isAdministrator(ann, server), 'the role holds for all sessions');
    people.accounts.bob.groups = ['room-admins'];
    const bob = new Browser();
    await signIn(bob, world, 'bob');
    assert(await isAdministrator(bob, server));
    await server.command(['user', 'deactivate', 'root']);
    people.accounts.bob.groups = [];
    await signIn(new Browser(), world, 'bob');
    assert(await isAdministrator(bob, server), 'nobody else can sign in as one');
    const trail = (await bob.go(`${server.url}/admin/audit`)).text;
    assert.match(trail, /stays administrator although not in the group/);
  }, { OIDC_ADMIN_GROUP: 'room-admins' }),
  test('a callback is good for the browser that began, with its state, once', async (world) => {
    const { server, people } = world;
    const browser = new Browser();
    const url = await begin(browser, server);
    const thief = new Browser();
    const back = await people.signIn(browser, url, 'bob', server.url);
    const stranger = await thief.go(back);
    assert.equal(stranger.status, 401, 'a browser that did not begin');
    assert.match(stranger.text, /begun in another browser/);
    const begun = new Map(browser.of(server.url));
    const forged = new URL(back);
    forged.searchParams.set('state', 'x'.repeat(22));
    assert.equal((await browser.go(forged.href)).status, 401);
    assert(!await browser.isSignedIn(server));
    assert(!browser.of(server.url).has('room-booking-openid'), 'one answer, right or wrong');
    assert.equal((await browser.go(back)).status, 401, 'it is over');
    // Also with a copy of what the browser kept, a code is good once: the provider says so.
    const copy = new Browser();
    copy.cookies.set(server.url, new Map(begun));
    assert.equal((await copy.go(back)).status, 303);
    const replay = new Browser();
    replay.cookies.set(server.url, new Map(begun));
    assert.equal((await replay.go(back)).status, 401);
    assert(!await replay.isSignedIn(server));
  }),
  test('the code of another sign-in is refused (PKCE)', async (world) => {
    const { server, people } = world;
    const [attacker, victim] = [new Browser(), new Browser()];
    const code = new URL(await people.signIn(attacker, await begin(attacker, server), 'mal', server.url)).searchParams;
    const begun = new URL(await begin(victim, server));
    const back = `${server.url}/admin/sign-in/openid/callback?code=${code.get('code')}&state=${begun.searchParams.get('state')}`;
    assert.equal((await victim.go(back)).status, 401);
    assert(!await victim.isSignedIn(server));
  }),
  test('an ID token with another nonce is refused', async (world) => {
    const { server, people } = world;
    const browser = new Browser();
    const url = new URL(await begin(browser, server));
    url.searchParams.set('nonce', 'another-nonce-of-22-ch');
    const seen = await browser.go(await people.signIn(browser, url.href, 'bob', server.url));
    assert.equal(seen.status, 401);
    assert.match(seen.text, /Example ID did not sign you in/);
    assert.match(server.log, /it is of another sign-in \(nonce\)/);
    assert.match(await audit(server), /the proof is not valid/);
  }),
  test('an answer of another issuer, an error and a refusal at the provider sign nobody in', async (world) => {
    const { server } = world;
    const browser = new Browser();
    for (const answer of ['code=x&iss=https%3A%2F%2Fevil.example', 'error=access_denied', 'code=x']) {
      const { searchParams } = new URL(await begin(browser, server));
      const back = `${server.url}/admin/sign-in/openid/callback?${answer}&state=${searchParams.get('state')}`;
      assert.equal((await browser.go(back)).status, 401, answer);
    }
    assert(!await browser.isSignedIn(server));
  }),
  test('callbacks of no sign-in do not count, those of one have a limit of their own, and passwords work on', async ({ server }) => {
    const callback = `${server.url}/admin/sign-in/openid/callback`;
    const led = new Browser();
    for (let times = 0; times < 40; times += 1) {
      assert.equal((await led.go(`${callback}?code=x&state=x`)).status, 401, String(times));
    }
    const statuses = [];
    while (statuses.length < 100 && statuses.at(-1) !== 429) {
      const browser = new Browser();
      const { searchParams } = new URL(await begin(browser, server));
      statuses.push((await browser.go(`${callback}?error=access_denied&state=${searchParams.get('state')}`)).status);
    }
    assert.equal(statuses[0], 401);
    assert.equal(statuses.at(-1), 429, statuses.join());
    const browser = new Browser();
    await browser.passwordSignIn(server, 'root', PASSWORD);
    assert(await browser.isSignedIn(server));
  }),
  test('while the provider is down the server starts, says so, and passwords work', async (world) => {
    const { server, people } = world;
    await people.stop();
    await server.stop.call({ child: server.child, folder: '/nonexistent' });
    server.log = '';
    await server.serve();
    const browser = new Browser();
    assert.equal((await browser.go(`${server.url}/healthz`)).status, 200);
    const seen = await browser.go(`${server.url}/admin/sign-in/openid?next=/admin/history`);
    assert.equal(seen.status, 502);
    assert.match(seen.text, /Example ID does not answer at the moment/);
    assert.match((await browser.go(`${server.url}/admin/sign-in`)).text, /Example ID does not answer at the moment/);
    assert.equal((await browser.passwordSignIn(server, 'bob', PASSWORD)).status, 303);
    const doctor = await server.command(['doctor']);
    assert.match(doctor.text, /openid connect: .*no connection/);
    assert.equal(doctor.status, 1);
    await people.listen();
    // After a failure nothing is asked for five seconds.
    await new Promise((resolve) => { setTimeout(resolve, 5_200); });
    const again = new Browser();
    assert.equal((await signIn(again, world, 'bob')).seen.to, `${server.url}/admin`);
    assert.match((await server.command(['doctor'])).text, /openid connect: http:\S+ answers/);
  }),
  test('an answer that never ends, is no JSON, or is of another issuer is an error that is said', async (world) => {
    const { server, people } = world;
    await people.stop();
    let answer;
    const fake = createServer((_, response) => answer(response));
    await new Promise((resolve) => { fake.listen(people.port, '127.0.0.1', resolve); });
    const metadata = {
      issuer: 'https://other.example', authorization_endpoint: 'https://other.example/a', jwks_uri: 'https://other.example/j',
      response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'],
    };
    const json = (response) => response.setHeader('content-type', 'application/json');
    for (const [said, respond] of [
      [/larger than 262144 bytes/, (response) => {
        json(response);
        const more = () => { while (!response.destroyed && response.write(' '.repeat(65536))); };
        response.on('drain', more);
        response.on('error', () => {});
        more();
      }],
      [/discovery cannot be read/, (response) => { json(response); response.end('nonsense'); }],
      [/discovery answered with the status 404/, (response) => { response.statusCode = 404; response.end(); }],
      [/discovery answered with the status 302/, (response) => {
        response.statusCode = 302;
        response.setHeader('location', 'http://127.0.0.1:9/');
        response.end();
      }],
      [/calls itself https:\/\/other.example; OIDC_ISSUER must be exactly that/, (response) => {
        json(response);
        response.end(JSON.stringify(metadata));
      }],
    ]) {
      answer = respond;
      assert.match((await server.command(['doctor'])).text, said);
    }
    fake.closeAllConnections();
    await new Promise((resolve) => { fake.close(resolve); });
    await people.listen();
  }),
  test('a sign-out ends the session here, and leads to the one at the provider', async (world) => {
    const { server } = world;
    const browser = new Browser();
    await signIn(browser, world, 'bob');
    const out = await browser.post(`${server.url}/admin/sign-out`, {}, `${server.url}/admin/account`);
    assert.equal(out.to, `${server.url}/admin/sign-in?done=signed-out-openid`);
    const page = await browser.go(out.to);
    assert.match(page.text, /You may still be signed in at Example ID/);
    assert(!await browser.isSignedIn(server));
    const end = await browser.go(`${server.url}/admin/sign-out/openid`);
    assert.match(end.to, /\/session\/end\?client_id=rooms&post_logout_redirect_uri=/);
    assert(!end.to.includes('id_token'), 'no token is in an address');
    const asked = await browser.go(end.to);
    const form = { logout: 'yes', xsrf: asked.text.match(/name="xsrf" value="(\w+)"/)[1] };
    const back = await browser.go(asked.text.match(/action="([^"]+)"/)[1], form);
    assert.equal(back.to, `${server.url}/admin/sign-in`);
    // The next one has to sign in at the provider again.
    const login = await browser.follow(await browser.go(await begin(browser, server)));
    assert.match(login.text, /name="prompt" value="login"/);
  }),
  test('a binding is shown on the page of its user, and removed with its sessions', async (world) => {
    const { server } = world;
    const [root, bob] = [new Browser(), new Browser()];
    await signIn(bob, world, 'bob');
    await root.passwordSignIn(server, 'root', PASSWORD);
    const users = await root.go(`${server.url}/admin/users`);
    const way = users.text.match(/href="(\/admin\/users\/\d+)"[^>]*>bob</)[1];
    const page = await root.go(server.url + way);
    for (const text of ['Sign-in elsewhere', world.people.issuer, '<code>bob</code>']) assert(page.text.includes(text), text);
    const removed = await root.post(`${server.url}${way}/identities/openid/remove`, {}, server.url + way);
    assert.equal(removed.to, `${server.url}${way}?done=identity-removed`);
    assert(!await bob.isSignedIn(server));
    assert.equal((await signIn(bob, world, 'mal')).seen.to, `${server.url}/admin`, 'another subject may have the address now');
  }),
  test('with OIDC_ONLY no password is taken, and a link of the command line is the way back in', async (world) => {
    const { server, people } = world;
    const browser = new Browser();
    const page = await browser.go(`${server.url}/admin/sign-in`);
    assert(!page.text.includes('type="password"'), 'the form is not shown');
    const token = page.text.match(/name="form_token" value="(\w+)"/)?.[1] ??
      (await browser.go(`${server.url}/admin/link/none`)).text.match(/name="form_token" value="(\w+)"/)?.[1];
    const seen = await browser.go(`${server.url}/admin/sign-in`, { form_token: token ?? '', name: 'root', password: PASSWORD });
    assert([403, 409].includes(seen.status), `${seen.status}`);
    assert(!await browser.isSignedIn(server));
    await people.stop();
    const link = (await server.command(['user', 'link', 'root'])).text.match(/http\S+\/admin\/link\/\w+/)[0];
    world.secrets = [link.split('/').at(-1)];
    const chosen = { password: 'orbit lantern 31 velvet', again: 'orbit lantern 31 velvet' };
    assert.equal((await browser.post(link, chosen)).status, 303);
    assert(await isAdministrator(browser, server));
    await people.listen();
    const added = await browser.post(`${server.url}/admin/users`, { name: 'carl', once: 'x1', role: 'ordinary' }, `${server.url}/admin/users`);
    assert.equal(added.status, 303, 'no link is made for a password');
  }, { OIDC_ONLY: 'true' }),
  test('REQUIRE_SECOND_FACTOR is for passwords: of the provider, it is the provider\'s affair', async (world) => {
    const { server } = world;
    const [bob, root] = [new Browser(), new Browser()];
    await signIn(bob, world, 'bob');
    assert(await bob.isSignedIn(server));
    await root.passwordSignIn(server, 'root', PASSWORD);
    assert.match((await root.go(`${server.url}/admin`)).to, /second-factor/);
  }, { REQUIRE_SECOND_FACTOR: 'all' }),
  test('a real browser signs in, is led on, and signs out', async ({ server }) => {
    const browser = await launch();
    try {
      const page = await (await browser.newContext({ locale: 'en' })).newPage();
      const errors = [];
      page.on('console', (it) => { if (it.type() === 'error') errors.push(it.text()); });
      await page.goto(`${server.url}/admin/history?kind=x`);
      await page.getByRole('link', { name: 'Sign in with Example ID' }).click();
      await page.locator('[name=login]').fill('bob');
      await page.locator('[name=password]').fill('x');
      await page.getByRole('button').first().click();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.waitForURL(`${server.url}/admin/history?kind=x`);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('link', { name: 'Sign out of Example ID' }).click();
      await page.getByRole('button', { name: /yes/i }).click();
      await page.waitForURL(`${server.url}/admin/sign-in`);
      assert.deepEqual(errors.filter((it) => it.includes(server.url)), []);
    } finally {
      await browser.close();
    }
  }),
];
