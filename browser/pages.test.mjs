// The pages of the house as people meet them, in every face: readable by everybody, at any width, by any finger.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FACES, faults } from './faces.mjs';
import { be, demo, visit } from './harness.mjs';

const PUBLIC = ['/', '/about', '/search?q=%E6%B0%B4', '/sign-in', '/say', '/say/requests', '/say/requests/new',
  '/say/requests/open', '/say/map', '/say/sheet?building=shiliu/3', '/say/follow?compound=shiliu', '/say/follow?case=shiliu-12',
  '/say/requests/shiliu-12', '/say/requests/shiliu-12/hotline', '/say/figures', '/say/figures/liuhua', '/say/figures/paper',
  '/about/book', '/about/data', '/about/who', '/help/captain', '/help/hub', '/help/roster'];
const SIGNED_IN = {
  yezhu: ['/', '/me', '/me/notices', '/me/data', '/me/devices', '/me/homes', '/me/standing', '/say/requests/new'],
  louzhang: ['/', '/me', '/office/desk'],
  wuye: ['/office/desk', '/office/desk?scope=place', '/office/desk/stairs', '/office/templates'],
  shequ: ['/office/desk', '/office/compounds/new', '/office/compounds/shiliu', '/office/compounds/shiliu/letters', '/office/places', '/office/people',
    '/office/categories', '/office/standards', '/office/channels', '/say/figures/settings/liuhua'],
};

for (const [face, choice] of Object.entries(FACES)) {
  test(`everybody can use the public pages ${face}`, async (t) => {
    const { url } = await demo();
    const page = await visit(t, url, choice);
    assert.deepEqual(await faults(page, PUBLIC, choice), []);
  });

  test(`everybody can use the pages behind the sign-in ${face}`, async (t) => {
    const { url } = await demo();
    for (const [login, paths] of Object.entries(SIGNED_IN)) {
      const page = await visit(t, url, choice);
      await be(page, login);
      assert.deepEqual(await faults(page, paths, choice), [], login);
    }
  });
}
