// One matter, followed from its first words to the last judgement by the six people it concerns, each on a phone: the one
// who said it, a neighbour with the same trouble, the captain, the property service, the community, and a passer-by.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, be, demo, overflow, picture, press, visit } from './harness.mjs';

const CAST = { granny: 'nainai', neighbour: 'zuhu', captain: 'louzhang', property: 'wuye', community: 'shequ', passerBy: null };

test('six people follow one matter from words to judgement', async (t) => {
  const { url } = await demo();
  const six = {};
  for (const [who, login] of Object.entries(CAST)) {
    six[who] = await visit(t, url);
    if (login) await be(six[who], login);
  }
  const { granny, neighbour, captain, property, community, passerBy } = six;
  const mark = `旧柜子${Date.now()}`;
  let shot = 0;

  /** What each of them reads on the page of the matter. */
  const all = async (path, words, name) => {
    for (const [who, page] of Object.entries(six)) {
      await page.goto(path);
      const text = await page.locator('main').innerText();
      assert.ok(text.includes(words), `${who} reads “${words}”: ${text}`);
      assert.equal(await overflow(page, 320), 0, who);
      if (who === 'granny' || who === 'property') assert.deepEqual(await axe(page), [], who);
      await picture(page, `six-${shot}-${name}-${who}`, { full: true });
    }
    shot += 1;
  };
  
  const opened = async (page, words) => {
    const fold = page.locator('details', { has: page.locator(`summary:has-text("${words}")`) });
    if (!(await fold.getAttribute('open'))) await fold.locator('summary').click();
  };
  const report = async (page, words) => {
    await page.check('input[value=solved]');
    await page.fill('#report-words', words);
    await press(page, 'form[action$="/report"] button');
  };

  await granny.goto('/say/requests/new');
  await granny.fill('#words', `二楼拐角堆着${mark}，晚上绊脚`);
  await Promise.all([granny.waitForURL(/said=1/), granny.click('button.main')]);
  const path = new URL(granny.url()).pathname;
  await all(path, '3号楼 楼栋长', 'said');

  await neighbour.goto(path);
  await press(neighbour, 'form[action$="/support"] button');
  await captain.goto('/office/desk/stairs');
  const step = captain.locator('li', { hasText: mark }).locator('form[action$="/accept"] button');
  await Promise.all([captain.waitForEvent('load'), step.click()]);
  await captain.goto(path);
  await opened(captain, '记一笔进展');
  await captain.fill('#note-words', '问过二楼，是搬走的那家留下的');
  await press(captain, 'form[action$="/note"] button');
  await all(path, '问过二楼', 'taken');

  await captain.goto(path);
  await opened(captain, '转给别人');
  const to = await captain.locator('#to option', { hasText: '物业' }).first().getAttribute('value');
  await captain.selectOption('#to', to);
  await captain.fill('#offer-words', '要用车拉走');
  await press(captain, 'form[action$="/offer"] button');
  await all(path, '要用车拉走', 'offered');
  await property.goto(`/office/desk?q=${mark}`);
  await press(property, `text=${mark}`);
  await press(property, 'form[action$="/take-over"] button');
  await property.goto(path);
  await opened(property, '先停一停');
  await property.check('input[name=reason][value=part]');
  await press(property, 'form[action$="/pause"] button');
  await all(path, '石榴园 物业', 'paused');
  await property.goto(path);
  await press(property, 'form[action$="/resume"] button');
  await report(property, '拉走了');
  await all(path, '拉走了', 'reported');

  await granny.goto(path);
  await granny.fill('#judge-words', '只拉走了一半');
  await press(granny, 'button[value=no]');
  await all(path, '只拉走了一半', 'back');
  await property.goto(path);
  await report(property, '剩下的也拉走了');
  await granny.goto(path);
  await press(granny, 'button[value=no]');
  await all(path, '社区门', 'up');

  await community.goto(`/office/desk?q=${mark}`);
  await press(community, `text=${mark}`);
  await press(community, 'form[action$="/accept"] button');
  await report(community, '社区请人清干净了，拍了照');
  await granny.goto(path);
  await granny.check('input[name=satisfaction][value=good]');
  await press(granny, 'button[value=yes]');
  await all(path, '已了结', 'judged');

  await neighbour.goto('/me');
  assert.match(await neighbour.locator('main').innerText(), /说解决了/);
  await passerBy.goto(`/search?q=${encodeURIComponent('旧柜子')}`);
  assert.ok((await passerBy.content()).includes(mark));
  const feed = await (await passerBy.request.get(`/say/feed?case=${path.split('/').at(-1)}`)).text();
  assert.ok(feed.includes('<item>'), 'the feed tells of it');
  for (const [who, page] of Object.entries(six)) assert.deepEqual(page.problems, [], who);
});
