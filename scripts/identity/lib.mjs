// What the tests of sign-in share: a server, browsers without a screen, and a provider.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Provider from 'oidc-provider';
import { freePort } from '../browser/lib.mjs';

export const PROGRAM = process.env.ROOM_BOOKING ?? 'target/debug/room-booking';
export const PASSWORD = 'lantern orbit velvet 29';

// A server on a database of its own, and all that it has logged.
export class Server {
  static async start(env, folder = mkdtempSync(join(tmpdir(), 'room-booking-'))) {
    const server = new Server();
    server.folder = folder;
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    server.env = { PATH: process.env.PATH, DATA_DIR: folder, LISTEN: `127.0.0.1:${server.port}`, ...env(server.url) };
    server.log = '';
    return server;
  }

  // Runs a command of the program, and returns what it prints. A provider of this process goes on meanwhile.
  async command(args, input = '') {
    const child = spawn(PROGRAM, args, { env: this.env });
    let text = '';
    child.stdout.on('data', (chunk) => { text += chunk; });
    child.stderr.on('data', (chunk) => { text += chunk; });
    child.stdin.end(input);
    const status = await new Promise((resolve) => { child.once('close', resolve); });
    return { status, text };
  }

  async addUser(name, ...args) {
    const { status, text } = await this.command(['user', 'add', name, ...args, '--password-stdin'], `${PASSWORD}\n`);
    if (status !== 0) throw new Error(text);
  }

  async serve() {
    this.child = spawn(PROGRAM, ['serve'], { env: { RUST_LOG: 'debug', ...this.env } });
    await new Promise((resolve, reject) => {
      const read = (chunk) => {
        this.log += chunk;
        if (this.log.includes('ready')) resolve();
      };
      this.child.stdout.on('data', read);
      this.child.stderr.on('data', read);
      this.child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${this.log}`)));
      setTimeout(() => reject(new Error(`the server did not start: ${this.log}`)), 30_000).unref();
    });
    return this;
  }

  async stop() {
    if (this.child.exitCode === null) {
      const ended = new Promise((resolve) => { this.child.once('exit', resolve); });
      this.child.kill('SIGINT');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// A browser without a screen: it keeps cookies for each host and port, and follows a redirect when it is told to.
export class Browser {
  cookies = new Map();

  // What it has at an origin, for another browser to have, too.
  of(origin) {
    if (!this.cookies.has(origin)) this.cookies.set(origin, new Map());
    return this.cookies.get(origin);
  }

  async go(url, form) {
    const { origin } = new URL(url);
    const cookies = [...this.of(origin)].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { ...(cookies && { cookie: cookies }), ...(form && { 'content-type': 'application/x-www-form-urlencoded' }) },
      body: form && new URLSearchParams(form).toString(),
    });
    for (const set of answer.headers.getSetCookie()) {
      const [pair] = set.split(';');
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(set)) this.of(origin).delete(name);
      else this.of(origin).set(name, value);
    }
    const location = answer.headers.get('location');
    return {
      url,
      status: answer.status,
      headers: answer.headers,
      to: location && new URL(location, url).href,
      text: await answer.text(),
    };
  }

  // Follows redirects until there are none, or one leads to an address that begins with this.
  async follow(answer, until = 'nowhere') {
    let seen = answer;
    for (let steps = 0; seen.to && !seen.to.startsWith(until); steps += 1) {
      if (steps > 20) throw new Error(`too many redirects: ${seen.url}`);
      seen = await this.go(seen.to);
    }
    return seen;
  }

  // Sends a form of the site with the token that the page has.
  async post(url, form, from = url) {
    const page = await this.go(from);
    const token = page.text.match(/name="form_token" value="(\w+)"/)?.[1];
    return this.go(url, { form_token: token ?? '', ...form });
  }

  async passwordSignIn(server, name, password) {
    return this.post(`${server.url}/admin/sign-in`, { name, password });
  }

  async isSignedIn(server) {
    return (await this.go(`${server.url}/admin/account`)).status === 200;
  }
}

export const CLIENT = { id: 'rooms', secret: 'geheim-secret-of-the-client' };

// A certified provider with people of its own, and what it was asked.
export class People {
  // For a server, at a port that it was told.
  static async start(port, url, accounts) {
    const people = new People();
    people.port = port;
    people.issuer = `http://127.0.0.1:${port}`;
    people.accounts = structuredClone(accounts);
    people.client = {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      redirect_uris: [`${url}/admin/sign-in/openid/callback`],
      post_logout_redirect_uris: [`${url}/admin/sign-in`],
    };
    await people.listen();
    return people;
  }

  async listen() {
    const find = async (_, id) => this.accounts[id] && {
      accountId: id,
      claims: async () => ({ sub: id, ...this.accounts[id] }),
    };
    // It warns of its pages for developers, which stand in for those of a real provider.
    const { warn, info } = console;
    console.warn = () => {};
    console.info = () => {};
    const provider = new Provider(this.issuer, {
      clients: [this.client],
      findAccount: find,
      claims: { email: ['email', 'email_verified'], profile: ['preferred_username'], groups: ['groups'] },
      scopes: ['openid', 'email', 'profile', 'groups'],
      pkce: { required: () => true },
      cookies: { keys: ['a key of the tests'] },
      ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
    });
    console.warn = warn;
    console.info = info;
    provider.on('server_error', (_, error) => console.error('provider:', error));
    this.server = createServer(provider.callback());
    await new Promise((resolve) => { this.server.listen(this.port, '127.0.0.1', resolve); });
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => { this.server.close(resolve); });
  }

  // Signs somebody in at the provider, from its address in a browser on; returns where it leads back to.
  async signIn(browser, url, account, back) {
    let seen = await browser.follow(await browser.go(url), back);
    for (let forms = 0; !seen.to?.startsWith(back); forms += 1) {
      if (forms > 4) throw new Error(`the provider does not lead back: ${seen.status} ${seen.text}`);
      const action = new URL(seen.text.match(/<form[^>]* action="([^"]+)"/)[1], seen.url).href;
      const prompt = seen.text.match(/name="prompt" value="(\w+)"/)[1];
      const form = prompt === 'login' ? { prompt, login: account, password: 'x' } : { prompt };
      seen = await browser.follow(await browser.go(action, form), back);
    }
    return seen.to;
  }
}

// Tests, each with a sentence for its name.
export async function run(tests) {
  const only = process.argv[2];
  let failed = 0;
  for (const [name, test] of tests.filter(([it]) => !only || it.includes(only))) {
    const begun = Date.now();
    try {
      await test();
      console.log(`ok: ${name} (${Date.now() - begun} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED: ${name}\n  ${error.stack}`);
    }
  }
  return failed;
}
