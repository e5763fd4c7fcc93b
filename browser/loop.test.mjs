// The loop as people walk it: a resident says something, whoever holds it settles it, the resident is not content, it
// comes back, and anybody finds it again. On a phone, with scripts and without, in Chinese, in English, in the elder mode.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, be, demo, overflow, press, visit } from './harness.mjs';

const WAYS = {
  'on a phone': {},
  'with scripts off': { scripts: false },
  'in English': { lang: 'en' },
  'in the elder mode': { elder: true },
};

/** A picture to send: whatever the page shows just now. */
async function photo(page) {
  return { name: 'photo.png', mimeType: 'image/png', buffer: await page.screenshot() };
}

for (const [way, choice] of Object.entries(WAYS)) {
  test(`a lamp is said, mended, found wanting and found again ${way}`, async (t) => {
    const { url } = await demo();
    const resident = await visit(t, url, choice);
    const mark = `lamp${Date.now()}${Object.keys(WAYS).indexOf(way)}`;
    await be(resident, 'nainai');
    await resident.goto('/say/requests/new');
    await resident.fill('#words', `三楼声控灯不亮，怕摔 ${mark}`);
    await resident.setInputFiles('#photo', await photo(resident));
    await Promise.all([resident.waitForURL(/said=1/), resident.click('button.main')]);
    const page = new URL(resident.url()).pathname;
    assert.match(page, /^\/say\/requests\/shiliu-\d+$/);
    assert.equal(await resident.locator('.photos img').count(), 1);
    const picture = await resident.locator('.photos img').first().getAttribute('src');
    assert.equal((await resident.request.get(picture)).status(), 200);

    const property = await visit(t, url, choice);
    await be(property, 'wuye');
    await property.goto(`/office/desk?q=${mark}`);
    await press(property, `text=${mark}`);
    await press(property, 'form[action$="/accept"] button');
    await property.check('input[value=solved]');
    await property.fill('#report-words', '换了灯头');
    await press(property, 'form[action$="/report"] button');

    await resident.goto(page);
    await resident.fill('#judge-words', '晚上又灭了');
    await press(resident, 'button[value=no]');
    assert.ok((await resident.content()).includes('晚上又灭了'));
    await property.goto(`/office/desk?q=${mark}`);
    assert.ok((await property.locator('main').innerText()).includes(mark), 'it came back to the desk');

    const stranger = await visit(t, url, choice);
    await stranger.goto(`/search?q=${encodeURIComponent('声控灯')}`);
    assert.ok((await stranger.content()).includes(mark), 'a Chinese word finds it');
    await press(stranger, `text=${mark}`);
    const told = (await stranger.locator('main').innerText()).replaceAll(mark, '');
    assert.ok(told.includes('声控灯') && !told.includes('302'), 'strangers see the building, not the home');
    for (const seen of [resident, property, stranger]) {
      if (choice.scripts !== false) assert.deepEqual(await axe(seen), []);
      assert.equal(await overflow(seen, 320), 0);
      assert.deepEqual(seen.problems, []);
    }
  });
}

test('the captain hands it up, property takes it over', async (t) => {
  const { url } = await demo();
  const resident = await visit(t, url);
  await be(resident, 'nainai');
  await resident.goto('/say/requests/new');
  await resident.fill('#words', '楼道里堆了旧柜子');
  await Promise.all([resident.waitForURL(/said=1/), resident.click('button.main')]);
  const page = new URL(resident.url()).pathname;
  const captain = await visit(t, url);
  await be(captain, 'louzhang');
  await captain.goto(page);
  await press(captain, 'form[action$="/accept"] button');
  await captain.click('summary:has-text("转给别人")');
  const to = await captain.locator('#to option', { hasText: '物业' }).getAttribute('value');
  await captain.selectOption('#to', to);
  await captain.fill('#offer-words', '要用车拉走');
  await press(captain, 'form[action$="/offer"] button');
  const property = await visit(t, url);
  await be(property, 'wuye');
  await property.goto(page);
  await press(property, 'form[action$="/take-over"] button');
  await resident.goto(page);
  assert.ok((await resident.content()).includes('物业接手了'));
  assert.equal(await resident.locator('.door.here .door-name').textContent(), '小区门');
});

test('somebody without account or scripts comes back with the code of the slip', async (t) => {
  const { url } = await demo();
  const page = await visit(t, url, { scripts: false });
  await page.goto('/say/requests/new');
  await page.click('text=石榴园');
  await page.click('text="2号楼"');
  await page.fill('#words', '单元门关不上');
  await Promise.all([page.waitForURL(/slip/), page.click('button.main')]);
  const code = (await page.locator('.slip .code').textContent()).trim();
  assert.match(code, /^[2-9A-Z]{5}-[2-9A-Z]{5}$/);
  assert.equal(await page.locator('.slip svg.qr').count(), 1);
  const again = await visit(t, url, { scripts: false });
  await again.goto('/say/requests/open');
  await again.fill('#code', code.toLowerCase());
  await again.click('button.main');
  assert.ok((await again.content()).includes('单元门关不上'));
  await again.click('summary:has-text("抹掉")');
  await press(again, 'form[action$="/erase"] button');
  assert.ok(!(await again.content()).includes('单元门关不上'));
});

test('a draft survives a reload and a double press counts once', async (t) => {
  const { url } = await demo();
  const page = await visit(t, url);
  await be(page, 'zuhu');
  await page.goto('/say/requests/new');
  await page.fill('#words', '草坪秃了一块');
  await page.reload();
  assert.equal(await page.inputValue('#words'), '草坪秃了一块');
  await Promise.all([page.waitForURL(/said=1/), page.dblclick('button.main')]);
  await page.goto('/me');
  assert.equal(await page.locator('.row', { hasText: '草坪秃了一块' }).count(), 1);
  await page.goto('/say/requests/new');
  assert.equal(await page.inputValue('#words'), '', 'what was sent is no draft any more');
});
