// What every journey needs: a running demo, a browser that reaches nothing but this machine, and judges for a page.
//
//   import { demo, visit, axe, overflow, picture } from './harness.mjs';
//
//   test('a neighbour reads the list', async (t) => {
//     const { url } = await demo();                           // the demo: shared by all files under `all.mjs`, else our own
//     const page = await visit(t, url, { size: 'phone' });    // a fresh visitor, no cookies; closed when the test ends
//     await be(page, 'louzhang');                             // sign in as one of the demo's people; signOut(page) again
//     await page.goto('/say/requests');                       // paths are relative to `url`
//     assert.deepEqual(await axe(page), []);                  // accessibility: a line per violation
//     assert.equal(await overflow(page, 320), 0);             // px by which the page is wider than a 320 px window
//     assert.deepEqual(page.problems, []);                    // script errors, refused resources, requests to elsewhere
//     await picture(page, 'list');                            // browser/pictures/list.png, to look at
//   });
//
// `visit` takes { size: 'phone' | 'desk' | {width, height}, scripts: true, dark: false, lang: 'zh' | 'en', elder: false, print: false }.
// `lang` and `elder` are chosen as people choose them, by opening a page with ?lang=en or ?elder=1 once.
//
// Environment: MULIN_BINARY (default target/debug/mulin), MULIN_URL (use a server that runs already),
// MULIN_ON=postgres with MULIN_TEST_POSTGRES (a fresh database there), CHROMIUM (default /usr/bin/chromium).

import { spawn, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
export const root = dirname(here);
export const SIZES = { phone: { width: 360, height: 780 }, desk: { width: 1280, height: 900 } };

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost',
];
const START_MS_MAX = 120_000;
const STOP_MS_MAX = 15_000;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// ---- the server ----

/** The demo for this test: the one named by MULIN_URL, or one of our own that stops when the file's tests end. */
export async function demo() {
  if (process.env.MULIN_URL) return { url: process.env.MULIN_URL };
  own ??= startDemo();
  return own;
}
let own;
atEnd(async () => (await own)?.stop());

/** Asking for it outside of a test would make this very program a test. */
function atEnd(work) {
  if (process.argv[1]?.endsWith('.test.mjs')) after(work);
}

/** Starts `mulin demo` with fresh data, see `start`. */
export const startDemo = (choice = {}) => start('demo', choice);

/** Starts `mulin serve` with nothing in it, see `start`; `code` opens its first page. */
export const startEmpty = (choice = {}) => start('serve', choice);

/**
 * Starts the house with fresh data on a free port, or where `listen` says, and waits until it says it is ready. What it is
 * not told by `args` may be in `settings`, as an operator's environment has it.
 * Gives { url, code, stop() }; `stop` asks politely, as an operator would, and removes the data.
 */
async function start(command, { database = process.env.MULIN_ON ?? 'sqlite', listen: at = '127.0.0.1:0', args = [], settings = {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'mulin-browser-'));
  const words = [command, '--listen', at, '--data', folder, ...args];
  if (database === 'postgres') words.push('--database', freshDatabase());
  // Settings of the one who runs the tests must not reach the house under test.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MULIN_')));
  const child = spawn(binary(), words, { cwd: folder, env: { ...env, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const exited = new Promise((done) => child.once('exit', (code) => done(code ?? -1)));
  const stop = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
    const code = await exited;
    clearTimeout(late);
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  try {
    const url = await new Promise((found, failed) => {
      const listen = (bytes) => {
        said += bytes;
        const match = said.match(/http:\/\/127\.0\.0\.1:\d+/);
        if (match) found(match[0]);
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      child.once('error', failed);
      exited.then((code) => failed(new Error(`mulin ${command} ended with ${code} before it listened.\n${said}`)));
      setTimeout(() => failed(new Error(`mulin ${command} named no address.\n${said}`)), START_MS_MAX).unref();
    });
    await ready(url);
    return { url, code: said.match(/first-run and type (\S+)/)?.[1], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A port that nobody has now, for a house that has to know its address before it starts. */
export const freePort = () => new Promise((found) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => found(port));
  });
});

async function ready(url) {
  for (const end = Date.now() + START_MS_MAX; ;) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > end) throw new Error(`${url}/readyz was never ready.`);
    await new Promise((again) => setTimeout(again, 100));
  }
}

function binary() {
  const path = process.env.MULIN_BINARY ?? join(root, 'target/debug/mulin');
  if (!existsSync(path)) throw new Error(`${path} is missing: build it with \`cargo build --package mulin\`.`);
  return path;
}

/** A new database on the test server, reached through the `psql` that comes with it. */
function freshDatabase() {
  const server = process.env.MULIN_TEST_POSTGRES;
  if (!server) throw new Error('MULIN_TEST_POSTGRES names no server; `cargo xtask test` starts one.');
  const name = `browser_${process.pid}_${Date.now()}`;
  execFileSync('psql', ['--no-psqlrc', '--quiet', '--command', `create database ${name}`, server], { stdio: 'inherit' });
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

// ---- the browser ----

let browser;
atEnd(async () => (await browser)?.close());

/** The browser, started once; whoever opens it outside of a test closes it. */
export function open() {
  browser ??= chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: FLAGS });
  return browser;
}

/** A new visitor at `url`: a page with `problems`, a list of what went wrong on it so far. `t` may be null: then close it yourself. */
export async function visit(t, url, { size = 'phone', scripts = true, dark = false, lang = 'zh', elder = false, print = false, scale = 1 } = {}) {
  const context = await (await open()).newContext({
    baseURL: url,
    viewport: typeof size === 'string' ? SIZES[size] : size,
    javaScriptEnabled: scripts,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    deviceScaleFactor: scale,
  });
  t?.after(() => context.close());
  const page = await context.newPage();
  if (print) await page.emulateMedia({ media: 'print' });
  if (lang === 'en') await page.goto('/?lang=en');
  if (elder) await page.goto('/?elder=1');
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(`script: ${error.message}`));
  page.on('console', (line) => line.type() === 'error' && page.problems.push(`console: ${line.text()}`));
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && new URL(request.url()).origin !== new URL(url).origin) {
      page.problems.push(`elsewhere: ${request.url()}`);
    }
  });
  return page;
}

/** Signs in as one of the demo's people by the name the demo prints, with one click as they would. */
export async function be(page, login) {
  await page.goto('/sign-in');
  await Promise.all([page.waitForURL('**/'), page.click(`button[name=login][value=${login}]`)]);
}

export async function signOut(page) {
  await page.goto('/me');
  await Promise.all([page.waitForURL('**/'), page.click('form[action="/sign-out"] button')]);
}

// ---- the judges ----

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The page's accessibility violations (WCAG 2.2 A and AA, best practices), a line each; needs scripts on. */
export async function axe(page, { ignore = [] } = {}) {
  // Evaluated through the debugger, so the page's own content security policy stays as strict as it is.
  await page.evaluate(axeSource);
  const found = await page.evaluate(([tags, off]) => window.axe.run(document, {
    runOnly: { type: 'tag', values: tags },
    rules: Object.fromEntries(off.map((rule) => [rule, { enabled: false }])),
    resultTypes: ['violations'],
  }), [RULES, ignore]);
  return found.violations.map((rule) => {
    const places = rule.nodes.slice(0, 3).map((node) => node.target.join(' '));
    return `${rule.id}: ${rule.help} (${rule.nodes.length}×: ${places.join(' · ')})`;
  });
}

/** By how many px the page is wider than a window of `width`; 0 is good. The window keeps its old size afterwards. */
export async function overflow(page, width = 320) {
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: before.height });
  const over = await page.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth);
  await page.setViewportSize(before);
  return Math.max(0, over);
}

/** Main targets smaller than `px` in either direction, a line each. Links inside a sentence are exempt, as in WCAG 2.5.8. */
export function smallTargets(page, px) {
  return page.evaluate((least) => {
    const large = (element) => {
      const box = element.getBoundingClientRect();
      return box.width >= least - 0.5 && box.height >= least - 0.5;
    };
    const seen = (element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0;
    };
    const inSentence = (element) => element.tagName === 'A'
      && [...element.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    return [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')]
      // A label takes the finger for its field.
      // What is drawn stands in a list beside it as well.
      .filter((element) => !element.closest('svg') && seen(element) && !inSentence(element) && ![element, ...(element.labels ?? [])].some(large))
      .map((element) => {
        const box = element.getBoundingClientRect();
        const words = (element.textContent || element.name || '').trim().slice(0, 20);
        return `${element.tagName.toLowerCase()} "${words}" ${Math.round(box.width)}×${Math.round(box.height)}`;
      });
  }, px);
}

/** Presses a button that sends a form, or a link, and waits until the page that answers is there: then the deed is done. */
export async function press(page, selector) {
  await Promise.all([page.waitForEvent('load'), page.locator(selector).first().click()]);
}

/** Saves what is seen as browser/pictures/NAME.png (not part of the repository); the whole page with `full`. */
export async function picture(page, name, { full = false } = {}) {
  const folder = join(here, 'pictures');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.png`);
  writeFileSync(file, await page.screenshot({ fullPage: full }));
  return file;
}
