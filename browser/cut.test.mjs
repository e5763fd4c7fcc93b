// A bad line: every second answer to a form is lost after the house has done what it asked. Whoever types on all the same has
// said everything once in the end: with scripts the device sends again by itself, without them the reader reloads.

import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { be, demo, visit } from './harness.mjs';

const REQUESTS = 100;
const BY_HAND = 20;
const UNTIL_MS_MAX = 60_000;

/** A proxy that lets everything through but every second answer to a POST of a request: that one it drops once it has all of it. */
async function badLine(t, upstream) {
  const { hostname, port } = new URL(upstream);
  const line = { posts: 0, cut: 0 };
  const server = http.createServer((asked, answered) => {
    const told = http.request({ hostname, port, method: asked.method, path: asked.url, headers: asked.headers }, (answer) => {
      const lossy = asked.method === 'POST' && new URL(asked.url, upstream).pathname === '/say/requests';
      if (!lossy) {
        answered.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(answered);
        return;
      }
      answer.resume();
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('end', () => {
        line.posts += 1;
        if (line.posts % 2 === 0) {
          line.cut += 1;
          asked.socket.destroy();
          return;
        }
        answered.writeHead(answer.statusCode, answer.rawHeaders);
        answered.end(Buffer.concat(pieces));
      });
    });
    told.on('error', () => asked.socket.destroy());
    answered.on('close', () => told.destroy());
    asked.pipe(told);
  });
  await new Promise((open) => server.listen(0, '127.0.0.1', open));
  t.after(() => { server.closeAllConnections(); server.close(); });
  line.url = `http://127.0.0.1:${server.address().port}`;
  return line;
}

/** What of this was said, as the house tells it to everybody: the words of each case that holds the mark. */
async function said(url, mark) {
  const words = [];
  for (let next = ''; next !== null;) {
    const query = new URLSearchParams({ compound: 'shiliu', limit: '100', ...(next && { before: next }) });
    const told = await (await fetch(`${url}/api/v1/requests?${query}`)).json();
    words.push(...told.requests.map((one) => one.words).filter((one) => one.includes(mark)));
    if (told.requests.length === 0 || !told.requests.some((one) => one.words.includes(mark))) break;
    next = told.next;
  }
  return words;
}

const wanted = (mark, count) => Array.from({ length: count }, (_, n) => `楼道灯不亮，${mark}之${n + 1}。`).sort();

test(`${REQUESTS} requests typed over a line that loses every second answer are ${REQUESTS} cases`, async (t) => {
  const { url } = await demo();
  const line = await badLine(t, url);
  const page = await visit(t, line.url);
  const mark = `cut${process.pid.toString(36)}x`;
  await be(page, 'nainai');
  for (const words of wanted(mark, REQUESTS)) {
    await page.goto('/say/requests/new', { waitUntil: 'domcontentloaded' });
    await page.fill('#words', words);
    await page.click('button.main');
    // Either the case is shown, or the form is empty again and its request waits on the device.
    await page.waitForFunction(() => location.search.includes('said=1')
      || (document.querySelector('.unsent') && document.querySelector('#words')?.value === ''));
  }
  assert.ok(line.cut >= REQUESTS / 2, `${line.cut} answers were lost`);
  await page.goto('/say/requests/new', { waitUntil: 'domcontentloaded' });
  for (const end = Date.now() + UNTIL_MS_MAX; await page.locator('.unsent li:not(:has(a))').count() > 0;) {
    assert.ok(Date.now() < end, 'what waits on the device goes in the end');
    await page.locator('.unsent > button').click().catch(() => {});
    await page.waitForTimeout(200);
  }
  assert.deepEqual((await said(url, mark)).sort(), wanted(mark, REQUESTS));
  t.diagnostic(`${line.posts} forms were sent, ${line.cut} answers lost`);
});

test('without scripts, a reader who reloads the page that did not come has said it once', async (t) => {
  const { url } = await demo();
  const line = await badLine(t, url);
  const page = await visit(t, line.url, { scripts: false });
  const mark = `hand${process.pid.toString(36)}x`;
  await be(page, 'nainai');
  for (const words of wanted(mark, BY_HAND)) {
    await page.goto('/say/requests/new', { waitUntil: 'domcontentloaded' });
    await page.fill('#words', words);
    const shown = page.waitForURL(/said=1/, { timeout: 2_000 }).then(() => true, () => false);
    await page.click('button.main').catch(() => {});
    if (!await shown) {
      await page.reload();
      await page.waitForURL(/said=1/);
    }
  }
  assert.ok(line.cut > 0, 'answers were lost');
  assert.deepEqual((await said(url, mark)).sort(), wanted(mark, BY_HAND));
  t.diagnostic(`${line.posts} forms were sent, ${line.cut} answers lost`);
});
