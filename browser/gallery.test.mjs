// Every component and every page's samples, as the gallery shows them, in every face.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FACES, faults } from './faces.mjs';
import { demo, visit } from './harness.mjs';

// A sample of a refused page is answered with its status.
const STATUSES = [200, 403, 404, 409, 422, 429];

for (const [face, choice] of Object.entries(FACES)) {
  test(`everybody can use the gallery ${face}`, async (t) => {
    const { url } = await demo();
    const page = await visit(t, url, choice);
    await page.goto('/gallery');
    const links = await page.$$eval('a[href^="/gallery/"]', (found) => found.map((link) => link.getAttribute('href')));
    const samples = [...new Set(links.map((link) => link.split('#')[0]))];
    assert.ok(samples.length > 0, 'the gallery links to no samples');
    assert.deepEqual(await faults(page, ['/gallery', ...samples], choice, STATUSES), []);
  });
}
