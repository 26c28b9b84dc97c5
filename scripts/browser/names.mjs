// Names for servers of this machine, by https: what pictures show should be what somebody would type, and not 127.0.0.1 and a port.
//
// scripts/browser-tests runs this in a mount namespace in which /etc/hosts has the names.

import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { extname, join, normalize } from 'node:path';

// An address that nobody else listens on: all of 127.0.0.0/8 is this machine.
const ADDRESS = '127.0.0.2';
const TYPES = {
  '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2',
  '.ico': 'image/x-icon',
};

// Starts a proxy for `sites`: {host: {port, headers, files: {prefix: folder}}}. What ends it comes back.
export async function named(sites, certificate, key) {
  const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (asked, answer) => {
    const site = sites[asked.headers.host];
    if (!site) return answer.writeHead(404).end();
    const [prefix, folder] = Object.entries(site.files ?? {}).find(([it]) => asked.url.startsWith(it)) ?? [];
    if (prefix) return file(join(folder, normalize(`/${asked.url.split('?')[0].slice(prefix.length)}`)), answer);
    const headers = { ...asked.headers, 'x-forwarded-proto': 'https', 'x-forwarded-host': asked.headers.host, ...site.headers };
    const passed = request({ host: '127.0.0.1', port: site.port, method: asked.method, path: asked.url, headers, agent: false }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    passed.on('error', (error) => console.log(error.message) ?? answer.writeHead(502).end());
    asked.pipe(passed);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(443, ADDRESS, resolve));
  return () => server.closeAllConnections() ?? server.close();
}

function file(path, answer) {
  if (!existsSync(path) || !statSync(path).isFile()) return answer.writeHead(404).end();
  answer.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
  createReadStream(path).pipe(answer);
}
