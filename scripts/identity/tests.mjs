// Runs the tests of sign-in with a provider and a directory; with an argument, those whose names contain it.

import { run } from './lib.mjs';
import { tests as ldap } from './ldap.mjs';
import { tests as openid } from './openid.mjs';

process.exitCode = (await run([...openid, ...ldap])) > 0 ? 1 : 0;
