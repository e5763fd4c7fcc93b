// Those who serve: a desk by keyboard, several cases handed on at once, the stairs on a phone, and a compound made from nothing
// within two minutes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, be, demo, overflow, picture, visit } from './harness.mjs';

test('a desk is worked through by keyboard', async (t) => {
  const { url } = await demo();
  const page = await visit(t, url, { size: 'desk' });
  await be(page, 'wuye');
  await page.goto('/office/desk');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  const picked = page.locator('[data-rows] input:checked');
  assert.equal(await picked.count(), 1);
  const second = await page.locator('[data-rows] .row').nth(1).locator('a').getAttribute('href');
  await picture(page, 'desk');
  await page.keyboard.press('?');
  assert.ok(await page.locator('[data-keys]').evaluate((keys) => keys.open));
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  await page.keyboard.type('jx?/');
  assert.equal(await page.inputValue('#q'), 'jx?/', 'keys rest while somebody types');
  await page.locator('[data-rows] .row a').first().focus();
  await page.keyboard.press('j');
  await Promise.all([page.waitForURL(`**${second}`), page.keyboard.press('Enter')]);
  assert.deepEqual(page.problems, []);
});

for (const scripts of [true, false]) {
  test(`several cases are offered at once with scripts ${scripts ? 'on' : 'off'}`, async (t) => {
    const { url } = await demo();
    const page = await visit(t, url, { scripts });
    await be(page, 'wuye');
    await page.goto('/office/desk?show=accepted');
    const boxes = page.locator('[data-rows] input');
    for (const n of [0, 1]) await boxes.nth(n).check();
    await page.click('.bulk-bar button');
    assert.equal(await page.locator('input[name=case]').count(), 2);
    await picture(page, `hand-over-${scripts}`);
    await page.fill('#words', '要社区一起来');
    await page.click('button.main');
    assert.equal(await page.locator('.note li').count(), 2);
    if (scripts) assert.deepEqual(await axe(page), []);
    assert.equal(await overflow(page, 320), 0);
    assert.deepEqual(page.problems, []);
  });
}

test('a captain on the stairs finds a building on one phone page', async (t) => {
  const { url } = await demo();
  const page = await visit(t, url, {});
  await be(page, 'louzhang');
  await page.goto('/office/desk/stairs');
  await picture(page, 'stairs');
  const bytes = (await (await page.request.get('/office/desk/stairs')).body()).length;
  assert.ok(bytes < 60_000, `${bytes} bytes`);
  assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page, 320), 0);
});

test('a compound is made in the browser within two minutes and works', async (t) => {
  const { url } = await demo();
  const code = `fu${Date.now() % 1_000_000_000}`;
  const page = await visit(t, url, { size: 'desk' });
  await be(page, 'shequ');
  const began = Date.now();
  await page.goto('/office/compounds/new');
  await page.fill('#name', '芙蓉里');
  await page.fill('#code', code);
  await page.fill('#buildings', '1-12');
  await page.fill('#property', '安居物业');
  await page.fill('#manager', '马经理');
  await page.fill('#captains', '1 周明\n2 李兰\n3 孙梅');
  await picture(page, 'compound-new');
  await page.click('button.main');
  await page.waitForURL(`**/office/compounds/${code}`);
  await picture(page, 'compound-made');
  await page.click(`a[href$="/letters"]`);
  assert.equal(await page.locator('.slip .code').count(), 4);
  await picture(page, 'letters');
  assert.deepEqual(await axe(page), []);
  const neighbour = await visit(t, url, {});
  await neighbour.goto(`/say/requests/new?at=${code}/1`);
  await neighbour.fill('#words', '楼上半夜拖椅子');
  await neighbour.click('button.main');
  assert.match(neighbour.url(), /\/slip\//);
  const seconds = (Date.now() - began) / 1000;
  t.diagnostic(`from an empty form to a filed request: ${seconds} s`);
  assert.ok(seconds < 120);
});
