// Without a network nothing is lost and nothing counts twice: the form waits on the device, with its photo, and goes once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, be, demo, overflow, visit } from './harness.mjs';

async function photo(page) {
  return { name: 'photo.png', mimeType: 'image/png', buffer: await page.screenshot() };
}

/** How many public cases say this. */
async function count(page, mark) {
  const { requests } = await (await page.request.get('/api/v1/requests?compound=shiliu&limit=100')).json();
  return requests.filter((one) => one.words.includes(mark)).length;
}

async function until(what, wanted) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await what() === wanted) return;
    await new Promise((again) => setTimeout(again, 100));
  }
  assert.equal(await what(), wanted);
}

test('three drafts with photos outlive a reload and become three cases', async (t) => {
  const { url } = await demo();
  const page = await visit(t, url);
  await be(page, 'nainai');
  const mark = `draft${Date.now()}`;
  await page.goto('/say/requests/new');
  const shot = await photo(page);
  // The page stands; only sending fails.
  await page.route('**/say/requests', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  for (const n of [1, 2, 3]) {
    await page.fill('#words', `第${n}件，没网 ${mark}`);
    await page.setInputFiles('#photo', shot);
    await page.click('button.main');
    await page.waitForSelector(`.unsent h2:has-text("(${n})")`);
  }
  await page.reload();
  await page.waitForSelector('.unsent h2:has-text("(3)")');
  assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page, 320), 0);
  assert.equal(await count(page, mark), 0);
  await page.unroute('**/say/requests');
  const other = await page.context().newPage();
  await Promise.all([other.goto(`${url}/say/requests/new`), page.evaluate(() => dispatchEvent(new Event('online')))]);
  await until(() => count(page, mark), 3);
  await page.goto('/say/requests/new');
  await page.waitForSelector('.unsent a');
  assert.equal(await page.locator('.unsent a').count(), 3);
  const code = await page.locator('.unsent a').first().getAttribute('href');
  const seen = await page.context().newPage();
  await seen.goto(code);
  assert.equal(await seen.locator('.photos img').count(), 1);
  for (let left = 3; left; left -= 1) await page.locator('.unsent li button').first().click().then(() => until(() => page.locator('.unsent li').count(), left - 1));
  assert.equal(await count(page, mark), 3);
});

test('an answer that is lost after the case was filed makes no second case', async (t) => {
  const { url } = await demo();
  const page = await visit(t, url);
  await be(page, 'nainai');
  const mark = `cut${Date.now()}`;
  await page.goto('/say/requests/new');
  let cut = 2;
  await page.route('**/say/requests', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    if (!cut) return route.continue();
    cut -= 1;
    await route.fetch({ maxRedirects: 0 });
    return route.abort();
  });
  await page.fill('#words', `回话丢了 ${mark}`);
  await page.click('button.main');
  await page.waitForSelector('.unsent');
  await until(() => count(page, mark), 1);
  await page.click('.unsent > button');
  await until(async () => cut, 0);
  await page.click('.unsent > button');
  await page.waitForSelector('.unsent a');
  assert.equal(await count(page, mark), 1);
});

test('pressing twice files once, and whoever signs out leaves nothing behind', async (t) => {
  const { url } = await demo();
  const page = await visit(t, url);
  await be(page, 'nainai');
  const mark = `twice${Date.now()}`;
  await page.goto('/say/requests/new');
  await page.fill('#words', `按了两下 ${mark}`);
  await Promise.all([page.waitForURL(/said=1/), page.evaluate(() => { const b = document.querySelector('button.main'); b.click(); b.click(); })]);
  assert.equal(await count(page, mark), 1);
  await page.goto('/say/requests/new');
  await page.route('**/say/requests', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await page.fill('#words', `留在手机里 ${mark}`);
  await page.click('button.main');
  await page.waitForSelector('.unsent');
  await page.goto('/me');
  await page.click('form[action="/sign-out"] button');
  await page.goto('/say/requests');
  await page.waitForLoadState('networkidle');
  assert.equal(await page.locator('.unsent').count(), 0);
});

test('danger brings the number to call while somebody writes, and a suggestion is taken with a press', async (t) => {
  const { url } = await demo();
  const page = await visit(t, url);
  await be(page, 'nainai');
  await page.goto('/say/requests/new');
  await page.fill('#words', '有人困在电梯里');
  await page.waitForSelector('#alarm a[href="tel:119"]');
  await page.click('[data-choose=lift]');
  await page.waitForSelector('#asked input[name="f-inside"]');
  assert.equal(await page.inputValue('#category'), 'lift');
  assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page, 320), 0);
  assert.deepEqual(page.problems, []);
});

test('a place is pointed at without a script', async (t) => {
  const { url } = await demo();
  const page = await visit(t, url, { scripts: false });
  await page.goto('/say/requests/new?map=shiliu&wide=1');
  await page.click('input[type=image]', { position: { x: 320, y: 150 } });
  assert.match(page.url(), /at=shiliu%2F|at=shiliu\//);
  assert.match(page.url(), /x=\d+&y=-?\d+/);
  await page.fill('#words', '井盖松了');
  await page.click('button.main');
  assert.match(page.url(), /slip/);
});

test('staff file for a caller with the keyboard alone: a building and some words', async (t) => {
  const { url } = await demo();
  const page = await visit(t, url, { size: 'desk' });
  await be(page, 'wuye');
  await page.goto('/office/desk');
  const press = async (selector) => { await page.locator(selector).first().focus(); await page.keyboard.press('Enter'); await page.waitForLoadState(); };
  await press('a[href*="for=caller"]');
  await press('.tiles a[href*="shiliu"]');
  if (!(await page.locator('#words').count())) await press('.tiles a[href*="at=shiliu"]');
  await page.waitForFunction(() => document.activeElement?.id === 'words');
  await page.keyboard.type('老人来电：三楼灯不亮');
  let tabs = 0;
  while (!(await page.evaluate(() => document.activeElement?.matches('button.main[type=submit]')))) { await page.keyboard.press('Tab'); tabs += 1; assert.ok(tabs < 20); }
  await Promise.all([page.waitForURL(/slip/), page.keyboard.press('Enter')]);
  assert.ok((await page.content()).includes('替人登记'));
});
