// Takes the pictures named in shots.mjs: `node browser/take.mjs [NAME…]`, all of them without a name.
//
// Pictures are PNG of at most 150 kB. Each is taken as sharply as that allows: twice the pixels, else one and a half, else one.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, open, root, startDemo, visit } from './harness.mjs';
import { scenes } from './shots.mjs';

const BYTES_MAX = 150_000;
const HEIGHT_MAX = 1250;
const SHARPNESS = [2, 1.5, 1];
const folder = join(root, 'docs/pictures');

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !scenes.some((scene) => scene.name === name));
if (unknown.length) throw new Error(`shots.mjs has no scene called ${unknown.join(', ')}`);

mkdirSync(folder, { recursive: true });
// A slip says its house's address: one that is known before it starts.
const server = await startDemo({ listen: `127.0.0.1:${await freePort()}` });
const people = {};
try {
  // Scenes build on one another, so all are played even when only some are kept.
  for (const scene of scenes) {
    const page = await visit(null, server.url, { ...scene, scale: SHARPNESS[0] });
    await scene.steps(page, { url: server.url, people });
    if (!wanted.length || wanted.includes(scene.name)) await keep(page, scene);
    await page.context().close();
  }
} finally {
  await (await open()).close();
  await server.stop();
}

async function keep(page, scene) {
  await page.evaluate(() => document.activeElement?.blur());
  if (scene.full) await stretch(page);
  if (scene.at) await page.locator(scene.at).first().evaluate((seen) => seen.scrollIntoView({ block: 'start' }));
  const devtools = await page.context().newCDPSession(page);
  const { pageX, pageY, clientWidth, clientHeight } = (await devtools.send('Page.getLayoutMetrics')).cssLayoutViewport;
  const clip = { x: pageX, y: pageY, width: clientWidth, height: clientHeight };
  for (const sharpness of SHARPNESS) {
    const taken = await devtools.send('Page.captureScreenshot', {
      format: 'png',
      clip: { ...clip, scale: sharpness },
    });
    const bytes = Buffer.from(taken.data, 'base64');
    if (bytes.length > BYTES_MAX) continue;
    writeFileSync(join(folder, `${scene.name}.png`), bytes);
    console.log(`docs/pictures/${scene.name}.png  ${Math.ceil(bytes.length / 1000)} kB`);
    return;
  }
  throw new Error(`${scene.name} is larger than ${BYTES_MAX / 1000} kB even at its smallest; show less of the page`);
}

/** Makes the window as high as the page, so that what clings to its lower edge stands at the end of the picture. */
async function stretch(page) {
  const { width } = page.viewportSize();
  await page.evaluate(() => scrollTo(0, 0));
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(height, HEIGHT_MAX) });
}
