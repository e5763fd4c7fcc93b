// The pictures of the README, in the order of the story they tell. `cargo xtask shots` takes them into docs/pictures.
//
// A scene is { name, size, lang, elder, dark, scripts, full, at, steps }: the choices are those of `visit` in harness.mjs,
// and `steps(page, { url, people })` goes to what is to be seen. Scenes share one demo and run in order, so a later one
// may look at what an earlier one did. `people` is for what one scene wants to tell a later one, e.g. a code. `full`
// shows more than a window's height, `at` begins where this selector stands.

async function be(page, login) {
  await page.goto('/sign-in');
  await Promise.all([page.waitForURL('**/'), page.click(`button[value=${login}]`)]);
}

/** A photograph nobody had to take: a dark staircase with one lamp. */
async function lamp(page) {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(640, 480);
    const draw = canvas.getContext('2d');
    const fill = (colour, ...box) => { draw.fillStyle = colour; draw.fillRect(...box); };
    fill('#2b2a33', 0, 0, 640, 480);
    for (const n of [0, 1, 2, 3, 4, 5]) fill(`rgb(${52 + n * 4} ${50 + n * 4} ${60 + n * 4})`, n * 70, 400 - n * 52, 640, 80);
    for (const [size, colour] of [[34, '#565049'], [16, '#7b7264']]) {
      draw.fillStyle = colour;
      draw.beginPath();
      draw.arc(520, 60, size, 0, 7);
      draw.fill();
    }
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  });
  return { name: 'stairs.png', mimeType: 'image/png', buffer: Buffer.from(bytes) };
}

export const scenes = [
  { name: 'front', size: 'phone', steps: (page) => page.goto('/') },
  {
    name: 'say',
    size: 'phone',
    full: true,
    steps: async (page, { people }) => {
      await be(page, 'nainai');
      await page.goto('/say/requests/new');
      await page.fill('#words', '三楼声控灯不亮了，晚上上楼看不见，怕摔。');
      await page.setInputFiles('#photo', await lamp(page));
      await page.waitForSelector('.previews img');
    },
  },
  {
    name: 'said',
    size: 'phone',
    full: true,
    steps: async (page, { people }) => {
      await be(page, 'nainai');
      await page.goto('/say/requests/new');
      await page.fill('#words', '三楼声控灯不亮了，晚上上楼看不见，怕摔。');
      await page.setInputFiles('#photo', await lamp(page));
      await page.waitForSelector('.previews img');
      await Promise.all([page.waitForURL(/said=1/), page.click('button.main')]);
      people.case = new URL(page.url()).pathname;
    },
  },
  {
    name: 'desk',
    size: 'phone',
    steps: async (page) => {
      await be(page, 'wuye');
      await page.goto('/office/desk');
    },
  },
  {
    name: 'report',
    size: 'phone',
    at: 'section:has(form[action$="/report"])',
    steps: async (page, { people }) => {
      await be(page, 'wuye');
      await page.goto(people.case);
      await page.click('form[action$="/accept"] button');
      await page.check('input[value=solved]');
      await page.fill('#report-words', '换了新的灯头，试过亮了。');
    },
  },
  {
    name: 'judge',
    size: 'phone',
    at: '#judge',
    steps: async (page, { people }) => {
      await be(page, 'wuye');
      await page.goto(people.case);
      await page.check('input[value=solved]');
      await page.fill('#report-words', '换了新的灯头，试过亮了。');
      await page.click('form[action$="/report"] button');
      await page.context().clearCookies();
      await be(page, 'nainai');
      await page.goto(people.case);
    },
  },
  {
    name: 'came-back',
    size: 'phone',
    full: true,
    steps: async (page, { people }) => {
      await be(page, 'nainai');
      await page.goto(people.case);
      await page.fill('#judge-words', '晚上又灭了。');
      await page.click('button[value=no]');
    },
  },
  {
    name: 'together',
    size: 'phone',
    full: true,
    steps: async (page, { people }) => {
      await be(page, 'zuhu');
      await page.goto(people.case);
      await page.click('form[action$="/support"] button');
    },
  },
  {
    name: 'stairs',
    size: 'phone',
    steps: async (page) => {
      await be(page, 'louzhang');
      await page.goto('/office/desk/stairs');
    },
  },
  { name: 'map', size: 'phone', full: true, steps: (page) => page.goto('/say/map?compound=shiliu') },
  { name: 'figures', size: 'phone', full: true, steps: (page) => page.goto('/say/figures?compound=shiliu') },
  { name: 'sheet', size: { width: 800, height: 900 }, steps: (page) => page.goto('/say/sheet?compound=shiliu') },
  { name: 'search', size: 'phone', steps: (page) => page.goto(`/search?q=${encodeURIComponent('声控灯')}`) },
  {
    name: 'slip',
    size: 'phone',
    steps: async (page) => {
      await page.goto('/say/requests/new?at=shiliu/2');
      await page.fill('#words', '单元门关不上了');
      await Promise.all([page.waitForURL(/slip/), page.click('button.main')]);
    },
  },
  {
    name: 'captain',
    size: 'phone',
    steps: async (page) => {
      await be(page, 'nainai');
      await page.goto('/help/captain');
    },
  },
  { name: 'hub', size: 'phone', steps: (page) => page.goto('/help/hub?compound=shiliu') },
  {
    name: 'walk-in',
    size: 'phone',
    steps: async (page) => {
      await be(page, 'hongxiaolou');
      await page.goto('/help/hub/desk?compound=shiliu');
    },
  },
  {
    name: 'roster',
    size: 'phone',
    steps: async (page) => {
      await be(page, 'hongxiaolou');
      await page.goto('/help/roster?compound=shiliu');
    },
  },
  {
    name: 'board',
    size: 'phone',
    full: true,
    steps: (page) => page.goto('/help/captain/board?at=shiliu/3'),
  },
  {
    name: 'my-data',
    size: 'phone',
    steps: async (page) => {
      await be(page, 'nainai');
      await page.goto('/me/data');
    },
  },
  { name: 'elder', size: 'phone', elder: true, steps: (page) => page.goto('/say/requests/new?at=shiliu/3') },
  { name: 'dark', size: 'phone', dark: true, steps: (page, { people }) => page.goto(people.case) },
  { name: 'list', size: 'desk', steps: (page) => page.goto('/say/requests?compound=jinxiu') },
  {
    name: 'case-en',
    size: 'desk',
    lang: 'en',
    steps: (page, { people }) => page.goto(people.case),
  },
];
