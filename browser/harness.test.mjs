// The judges themselves are judged: a page with known faults must be found out, a plain one must pass.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { statSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { axe, overflow, picture, smallTargets, visit } from './harness.mjs';

const page = (body) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>A note on the door</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><body><main><h1>A note on the door</h1>${body}</main>`;

const PAGES = {
  '/': page(''),
  '/good': page('<p>The water is off on Tuesday.</p><p><button id="more">Tell me more</button></p>'
    + '<script src="/more.js"></script>'),
  '/more.js': 'document.querySelector("#more").onclick = (e) => { e.target.textContent = "From nine to eleven" }',
  '/bad': page('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">'
    + '<div style="width:700px">wide</div><button style="width:20px;height:20px">?</button>'
    + '<script>throw new Error("spilled tea")</script><script src="http://tracker.invalid/"></script>'),
};

let server, url;
before(async () => {
  server = createServer((request, response) => {
    const path = request.url.split('?')[0];
    const kind = path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
    response.writeHead(PAGES[path] ? 200 : 404, { 'content-type': kind }).end(PAGES[path]);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());

test('a plain page passes every judge', async (t) => {
  const note = await visit(t, url, { lang: 'en', elder: true });
  await note.goto('/good');
  await note.getByRole('button').click();
  await note.getByText('From nine to eleven').waitFor();
  assert.deepEqual(await axe(note), []);
  assert.equal(await overflow(note, 320), 0);
  assert.deepEqual(note.problems, []);
  assert.ok(statSync(await picture(note, 'harness')).size > 1000);
});

test('a faulty page is found out by every judge', async (t) => {
  const note = await visit(t, url, { size: 'desk' });
  await note.goto('/bad');
  assert.match((await axe(note)).join('\n'), /^image-alt: /m);
  assert.ok(await overflow(note, 320) > 300);
  assert.equal(await overflow(note, 1280), 0);
  assert.match((await smallTargets(note, 48)).join('\n'), /button "\?" 20×20/);
  const problems = note.problems.join('\n');
  assert.match(problems, /script: spilled tea/);
  assert.match(problems, /elsewhere: http:\/\/tracker\.invalid\//);
});

test('with scripts off the page is still read, and its scripts do nothing', async (t) => {
  const note = await visit(t, url, { scripts: false });
  await note.goto('/good');
  await note.getByRole('button').click();
  assert.equal(await note.getByRole('button').textContent(), 'Tell me more');
  assert.equal(await overflow(note, 320), 0);
});
