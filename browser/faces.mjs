// The faces in which a page is judged, and the judgement: what axe, a narrow window and a finger say.

import { axe, overflow, smallTargets } from './harness.mjs';

const TARGET_PX_MIN = 48;
const ELDER_TARGET_PX_MIN = 60;

/** What `visit` is asked for, by the words for it. */
export const FACES = {
  'in Chinese': {},
  'in English': { lang: 'en' },
  'in the elder mode': { elder: true },
  'in the dark': { dark: true },
  'on a desk': { size: 'desk' },
};

/** Opens each path and returns what is wrong, a line each. A path is taken as answered well when its status is in `statuses`. */
export async function faults(page, paths, choice, statuses = [200]) {
  const found = [];
  for (const path of paths) {
    const answer = await page.goto(path);
    const here = await axe(page);
    const over = await overflow(page, 320);
    if (!statuses.includes(answer.status())) here.push(`answered ${answer.status()}`);
    if (over > 0) here.push(`${over} px wider than a 320 px window`);
    // A mouse can hit what a finger cannot.
    if (choice.size !== 'desk') {
      const least = choice.elder ? ELDER_TARGET_PX_MIN : TARGET_PX_MIN;
      here.push(...(await smallTargets(page, least)).map((target) => `smaller than ${least} px: ${target}`));
    }
    found.push(...here.map((fault) => `${path}  ${fault}`));
  }
  // The browser notes a refused page as an error of its own; its status was judged above.
  return [...found, ...page.problems.filter((problem) => !/with a status of 4\d\d/.test(problem))];
}
