// Runs every *.test.mjs beside this file against one demo: `node browser/all.mjs [sqlite|postgres]`.
//
// One server for all files, since making a year of neighbourhood life takes seconds; so a journey leaves
// other people's things alone. A file that needs a house of its own starts it on the same kind of database. A single file runs by itself with `node --test browser/NAME.test.mjs`.

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, startDemo } from './harness.mjs';

const database = process.argv[2] ?? 'sqlite';
const folder = join(root, 'browser');
// The gallery's pages are drawn from samples and ask no database: once is enough.
const once = database === 'sqlite' ? [] : ['gallery.test.mjs'];
const files = readdirSync(folder).filter((name) => name.endsWith('.test.mjs') && !once.includes(name)).sort().map((name) => join(folder, name));

const server = await startDemo({ database });
let code = 1;
try {
  const child = spawn(process.execPath, ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, MULIN_URL: server.url, MULIN_ON: database },
  });
  code = await new Promise((done) => child.once('exit', (status) => done(status ?? 1)));
} finally {
  const stopped = await server.stop();
  if (stopped !== 0) {
    console.error(`mulin demo ended with ${stopped} when asked to stop; it should end with 0.`);
    code = 1;
  }
}
process.exit(code);
