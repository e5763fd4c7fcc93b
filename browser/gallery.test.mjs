// Every component and every page's samples, as the gallery shows them: readable by everybody, at any width.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, demo, overflow, smallTargets, visit } from './harness.mjs';

const FACES = {
  'in Chinese': {},
  'in English': { lang: 'en' },
  'in the elder mode': { elder: true, least: 60 },
  'in the dark': { dark: true },
  'on a desk': { size: 'desk' },
};
const TARGET_PX_MIN = 48;

for (const [face, choice] of Object.entries(FACES)) {
  test(`the gallery can be used by everybody ${face}`, async (t) => {
    const { url } = await demo();
    const page = await visit(t, url, choice);
    const faults = [];
    for (const path of await samples(page)) {
      const answer = await page.goto(path);
      assert.ok(answer.status() < 500, `${path} answered ${answer.status()}`);
      const found = await axe(page);
      const over = await overflow(page, 320);
      if (over > 0) found.push(`${over} px wider than a 320 px window`);
      if (choice.size !== 'desk') {
        const least = choice.least ?? TARGET_PX_MIN;
        found.push(...(await smallTargets(page, least)).map((target) => `smaller than ${least} px: ${target}`));
      }
      faults.push(...found.map((fault) => `${path}  ${fault}`));
    }
    // A sample of a refused page is answered with its status, which the browser notes as an error; nothing else may be.
    const problems = page.problems.filter((problem) => !/status of 4\d\d/.test(problem));
    assert.deepEqual([...faults, ...problems], []);
  });
}

/** The gallery and every page it links to under its own path, each once. */
async function samples(page) {
  await page.goto('/gallery');
  const links = await page.$$eval('a[href^="/gallery/"]', (found) => found.map((link) => link.getAttribute('href')));
  const paths = [...new Set(['/gallery', ...links.map((link) => link.split('#')[0])])];
  assert.ok(paths.length > 1, 'the gallery links to no samples');
  return paths;
}
