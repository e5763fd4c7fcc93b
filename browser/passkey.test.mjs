// A passkey from its making to its removal, with a device that Chromium plays: the one who signs is not ours.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, be, freePort, overflow, picture, press, signOut, startDemo, visit } from './harness.mjs';

async function device(page, more = {}) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
    automaticPresenceSimulation: true, ...more,
  };
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
  return { cdp, authenticatorId };
}

test('somebody adds a passkey on their phone, comes in with it, and removes it', async (t) => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const house = await startDemo({ listen: `127.0.0.1:${port}`, args: ['--public-url', url, '--matters', '5'] });
  t.after(() => house.stop());
  const page = await visit(t, url);
  const { cdp, authenticatorId } = await device(page);
  const keys = async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials;

  await be(page, 'nainai');
  await page.goto('/me/devices');
  await picture(page, 'passkey-none', { full: true });
  await page.fill('#passkey-name', '奶奶的手机');
  await press(page, 'form[data-passkey=add] button');
  await page.waitForSelector('h3:has-text("奶奶的手机")');
  assert.equal((await keys()).length, 1);
  assert.equal((await keys())[0].rpId, 'localhost');
  assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page, 320), 0);
  await picture(page, 'passkey-added', { full: true });

  // The same device is not asked for a second one.
  await page.fill('#passkey-name', '又一把');
  await page.click('form[data-passkey=add] button');
  await page.waitForSelector('[data-said]:not([hidden])');
  assert.match(await page.innerText('[data-said]'), /已经有一把了/);
  assert.equal((await keys()).length, 1);

  await signOut(page);
  await page.goto('/sign-in');
  await picture(page, 'passkey-sign-in', { full: true });
  assert.deepEqual(await axe(page), []);
  await Promise.all([page.waitForURL(`${url}/`), page.click('form[data-passkey=enter] button')]);
  await page.goto('/me/devices');
  assert.match(await page.innerText('main'), /用户名：nainai/);

  // A device that recognises nobody signs nothing, and the page says what else there is.
  await signOut(page);
  await page.goto('/sign-in');
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.click('form[data-passkey=enter] button');
  await page.waitForSelector('[data-said]:not([hidden])');
  assert.match(await page.innerText('[data-said]'), /可以再试一次，或者用密码/);
  assert.equal(new URL(page.url()).pathname, '/sign-in');
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });

  // Removed here, the device's key opens nothing any more.
  await be(page, 'nainai');
  await page.goto('/me/devices');
  await page.fill('#password', '楼道里有一盏长明灯');
  await press(page, 'form[action$="/password"] button');
  await press(page, 'form[action$="/passkeys/remove"] button');
  await signOut(page);
  await page.goto('/sign-in');
  await press(page, 'form[data-passkey=enter] button');
  assert.match(await page.innerText('main'), /不认得这把通行密钥/);
  const known = page.problems.filter((problem) => !problem.includes('422'));
  assert.deepEqual(known, []);
});

test('without scripts the password is there and no button that does nothing', async (t) => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const house = await startDemo({ listen: `127.0.0.1:${port}`, args: ['--public-url', url, '--matters', '1'] });
  t.after(() => house.stop());
  const page = await visit(t, url, { scripts: false });
  await page.goto('/sign-in');
  assert.equal(await page.locator('form[data-passkey=enter]').isVisible(), false);
  assert.equal(await page.locator('#password').isVisible(), true);
});
