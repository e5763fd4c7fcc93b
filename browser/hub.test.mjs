// The desk of the hub on a phone: somebody walks in, is served in under a minute, and asks again with the slip.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, be, demo, overflow, press, visit } from './harness.mjs';

const WAYS = { 'on a phone': {}, 'with scripts off': { scripts: false }, 'in English and larger type': { lang: 'en', elder: true } };
const MINUTE_MS = 60_000;

async function fine(page, choice) {
  if (choice.scripts !== false) assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page, 320), 0);
}

for (const [way, choice] of Object.entries(WAYS)) {
  test(`whoever walks in is served in under a minute ${way}`, async (t) => {
    const { url } = await demo();
    const desk = await visit(t, url, choice);
    await be(desk, 'hongxiaolou');
    await desk.goto('/help/hub');
    await press(desk, 'a[href^="/help/hub/desk?"]');
    await fine(desk, choice);
    const begun = Date.now();
    const mark = `desk${begun}${Object.keys(WAYS).indexOf(way)}`;
    await desk.fill('#about', `三楼声控灯不亮了 ${mark}`);
    await desk.fill('#name', '王阿姨');
    await press(desk, 'button[value=request]');
    assert.match(desk.url(), /\/say\/requests\/new\?for=caller/);
    assert.equal(await desk.inputValue('#words'), `三楼声控灯不亮了 ${mark}`);
    assert.equal(await desk.inputValue('#contact'), '王阿姨');
    await desk.selectOption('#inside', { index: 1 });
    await press(desk, 'form[action="/say/requests"] button.main');
    assert.match(desk.url(), /\/say\/requests\/slip\//);
    assert.ok(Date.now() - begun < MINUTE_MS, 'under a minute');
    await desk.goto('/help/hub/desk');
    assert.ok((await desk.locator('main').innerText()).includes(mark), 'it stands on the list of the day');

    // Somebody who has to be called back gets a slip, and sees with its code that it was done.
    await desk.fill('#about', `问加装电梯怎么报名 ${mark}`);
    await press(desk, 'button[value=later]');
    await fine(desk, choice);
    const slip = new URL(desk.url());
    const guest = await visit(t, url, choice);
    await guest.goto('/help/hub/slip');
    await guest.fill('#code', slip.searchParams.get('code'));
    await press(guest, 'form[action="/help/hub/slip"] button');
    assert.ok(!(await guest.content()).includes(mark), 'the slip does not tell what it is about');
    await desk.goto('/help/hub/desk');
    const row = desk.locator('li.row', { hasText: `报名 ${mark}` });
    await row.locator('summary').click();
    await row.locator('input[name=line]').fill('电话里讲清楚了');
    await Promise.all([desk.waitForNavigation(), row.locator('button.good').click()]);
    await guest.reload();
    assert.ok((await guest.content()).includes('电话里讲清楚了'));
    await fine(guest, choice);

    for (const page of ['talks', 'opinions', 'keys']) {
      await desk.goto(`/help/hub/desk/${page}`);
      await fine(desk, choice);
    }
    for (const page of ['day', 'month', 'wall']) {
      await desk.goto(`/help/hub/${page}`);
      await fine(desk, choice);
    }
    assert.deepEqual(desk.problems, []);
    assert.deepEqual(guest.problems, []);
  });
}

test('a resident leaves an opinion on the page of the hub with a phone, and a number in the answer is asked about', async (t) => {
  const { url } = await demo();
  const mark = `晾衣架${Date.now() % 1e6}`;
  const page = await visit(t, url);
  await be(page, 'nainai');
  await page.goto('/help/hub?compound=shiliu');
  await fine(page, {});
  await page.locator('summary', { hasText: '说说您的看法' }).click();
  await fine(page, {});
  await page.fill('#text', `${mark}装在南边好`);
  await press(page, 'form[action="/help/hub/opinion"] button.main');
  assert.ok((await page.locator('main').innerText()).includes('收下了'));
  await fine(page, {});
  const desk = await visit(t, url);
  await be(desk, 'hongxiaolou');
  await desk.goto('/help/hub/desk/opinions?compound=shiliu');
  assert.ok((await desk.locator('main').innerText()).includes(mark));
  await desk.fill('#name', '找13812345678');
  await press(desk, 'form[action="/help/hub/desk/topic"] button');
  assert.ok(await desk.locator('#personal').isVisible(), 'the number is named before it is public');
  await fine(desk, {});
  assert.deepEqual(page.problems, []);
});

test('the wall is read from three metres and names nobody', async (t) => {
  const { url } = await demo();
  const wall = await visit(t, url, { size: { width: 1280, height: 720 } });
  await wall.goto('/help/hub/wall?compound=shiliu');
  const shown = await wall.locator('.wall').boundingBox();
  assert.ok(shown.width > 1000, `it fills the screen: ${shown.width}`);
  const height = await wall.evaluate(() => document.documentElement.scrollHeight);
  assert.ok(height <= 720, `nothing hangs over the edge: ${height}`);
  const size = await wall.locator('.wall-time').evaluate((time) => parseFloat(getComputedStyle(time).fontSize));
  assert.ok(size >= 72, `${size}`);
  assert.deepEqual(await axe(wall), []);
  const said = await wall.locator('.wall').innerText();
  const posts = await (await wall.request.get('/api/v1/hub?compound=shiliu')).json();
  const names = [...posts.posts.flatMap((post) => [post.holder, post.stands_in]), ...posts.on_duty.map((one) => one.name)];
  for (const name of names.filter(Boolean)) assert.ok(!said.includes(name), name);
});
