// Programs: a token is made on a page, tried on the interactive description, and taken back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, be, demo, overflow, picture, visit } from './harness.mjs';

test('a token is made, tried and taken back', async (t) => {
  const { url } = await demo();
  const page = await visit(t, url, { size: 'phone' });
  await be(page, 'wuye');
  await page.goto('/me/tokens');
  await page.fill('#name', '每周报表');
  await page.check('input[value="office:read"]');
  await page.click('button.main');
  const token = (await page.textContent('#token')).trim();
  assert.match(token, /^mulin_[0-9a-f]{32}$/);
  await picture(page, 'token-made');
  assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page, 320), 0);
  const ask = (path) => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await ask('/api/v1/channels')).status, 200);
  assert.equal((await ask('/api/v1/tokens')).status, 403);
  await page.goto('/me/tokens');
  assert.ok(!(await page.content()).includes(token), 'it is shown once');
  await Promise.all([page.waitForNavigation(), page.click('button.bad')]);
  assert.equal((await ask('/api/v1/channels')).status, 401);
  assert.deepEqual(page.problems, []);
});

test('every call can be read and tried on a page of the house', async (t) => {
  const { url } = await demo();
  const page = await visit(t, url, { size: 'desk' });
  await page.goto('/about/api');
  await page.waitForSelector('#calls .opblock', { timeout: 60_000 });
  const shown = await page.locator('#calls .opblock').count();
  const document = await (await fetch(`${url}/api/v1/openapi.json`)).json();
  const calls = Object.values(document.paths).flatMap((path) => Object.keys(path)).length;
  assert.equal(shown, calls);
  await page.click('#operations-requests-listRequests .opblock-summary-control');
  await page.click('#operations-requests-listRequests .try-out__btn');
  await page.fill('#operations-requests-listRequests tr[data-param-name=compound] input', 'shiliu');
  const answered = page.waitForResponse((answer) => answer.url().includes('/api/v1/requests?'));
  await page.click('#operations-requests-listRequests .execute');
  assert.equal((await answered).status(), 200);
  await picture(page, 'api');
  assert.deepEqual(page.problems, []);
});
