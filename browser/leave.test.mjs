// From a letter to the last trace: somebody comes in by the captain's letter, is stood in for by a neighbour, sees what is
// kept, takes it along and leaves; and the book, which keeps the rest.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, be, demo, overflow, picture, press, visit } from './harness.mjs';

const HOME = '/office/homes/one?at=shiliu/3/1/101';

async function fine(page, name) {
  assert.deepEqual(await axe(page), [], name);
  assert.equal(await overflow(page, 320), 0, name);
  await picture(page, name, { full: true });
}

const opened = (page, words) => page.locator('details', { has: page.locator(`summary:has-text("${words}")`) }).locator('summary').first().click();

test('somebody comes by a letter, has a neighbour act for her, and leaves without a trace', async (t) => {
  const { url } = await demo();
  const [captain, aunt, neighbour] = [await visit(t, url), await visit(t, url), await visit(t, url)];
  const mark = String(Date.now());
  await be(captain, 'louzhang');
  await captain.goto(HOME);
  await captain.fill('#name', `来住几天的阿姨${mark}`);
  await captain.selectOption('#office', 'family');
  await captain.selectOption('#proof', 'known');
  await press(captain, 'form[action="/office/homes"] button');
  await captain.goto(HOME.replace('/one', '/letters'));
  const letter = captain.locator('section.sign', { hasText: `来住几天的阿姨${mark}` });
  const code = (await letter.locator('.code').innerText()).trim();

  await aunt.goto('/sign-in/letter');
  await aunt.fill('#code', code);
  await aunt.fill('#login', `ayi${mark}`);
  await aunt.fill('#password', '傍晚的石榴花很红');
  await press(aunt, 'form[action="/sign-in/letter"] button');

  await aunt.goto('/me/standing');
  await opened(aunt, '请人替我办事');
  await fine(aunt, 'standing-own');
  await press(aunt, 'form[action="/me/standing"] button');
  const stand = (await aunt.locator('.code').innerText()).trim();

  await be(neighbour, 'zuhu');
  await neighbour.goto('/me/standing');
  await neighbour.fill('#code', stand);
  await press(neighbour, 'form[action="/me/standing/accept"] button');
  const row = neighbour.locator('li', { hasText: `来住几天的阿姨${mark}` });
  await Promise.all([neighbour.waitForEvent('load'), row.locator('form[action$="/begin"] button').click()]);
  await fine(neighbour, 'standing-theirs');
  await neighbour.goto('/say/requests/new');
  assert.ok((await neighbour.locator('.part-banner').innerText()).includes(`来住几天的阿姨${mark}`));
  await neighbour.fill('#words', `单元门口的灯罩松了 ${mark}`);
  await Promise.all([neighbour.waitForURL(/said=1/), neighbour.click('button.main')]);
  await fine(neighbour, 'standing-said');
  await press(neighbour, '.part-banner form button');

  await aunt.goto('/me/standing');
  assert.ok((await aunt.locator('main').innerText()).includes('替您说事、办事'));
  await fine(aunt, 'standing-acts');
  await aunt.goto('/me/data');
  await fine(aunt, 'data-own');
  const [file] = await Promise.all([
    aunt.waitForEvent('download'),
    aunt.locator('a[href="/me/data/export.zip"]').first().click(),
  ]);
  assert.ok((await file.path()).length > 0);

  await aunt.goto('/me/data/erase');
  await aunt.check('input[name=words]');
  await aunt.check('#sure');
  await fine(aunt, 'data-erase');
  await press(aunt, 'form[action="/me/data/erase"] button');
  await fine(aunt, 'data-erased');
  await captain.goto(HOME);
  assert.ok(!(await captain.locator('main').innerText()).includes(mark));
  await neighbour.goto('/me/standing');
  assert.ok(!(await neighbour.locator('main').innerText()).includes(mark));
  await aunt.goto('/sign-in');
  await aunt.fill('#login', `ayi${mark}`);
  await aunt.fill('#password', '傍晚的石榴花很红');
  await press(aunt, 'form[action="/sign-in"] button');
  assert.ok((await aunt.locator('main').innerText()).includes('不对'));
});

test('the book shows its head, and an incident goes through its steps', async (t) => {
  const { url } = await demo();
  const [anybody, community] = [await visit(t, url), await visit(t, url)];
  await anybody.goto('/about/book');
  await fine(anybody, 'book');
  await be(community, 'shequ');
  await community.goto('/office/incidents');
  await fine(community, 'incidents');
});
