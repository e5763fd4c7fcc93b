// The first day: an empty house becomes a compound that lives, page by page, as docs/operate/first-day.md tells it. The office
// sits at a desk, everybody else holds a telephone. The stories build on each other, so they are told in order.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, overflow, picture, press, startEmpty, visit } from './harness.mjs';

const COMMUNITY = { name: '林晓云', login: 'linxiaoyun', password: '梧桐叶子落了一地' };
const OFFICES = {
  property: { name: '张建国', login: 'zhangjianguo', password: '水泵房的灯常亮着', office: '物业', at: '梧桐里', source: '合同' },
  hub: { name: '何玉兰', login: 'heyulan', password: '前台有热水和花镜', office: '红小楼', at: '梧桐里', source: '任命' },
  grid: { name: '孟小川', login: 'mengxiaochuan', password: '一天走三十四户人家', office: '网格员', at: '梧桐里网格', source: '任命' },
};
const HOUSEHOLDS = {
  zhao: { name: '赵文清', login: 'zhaowenqing', password: '阳台上的君子兰开了', home: 'wutong/1/1/101', is: '业主', proof: '产权证' },
  wu: { name: '吴思远', login: 'wusiyuan', password: '骑车上班要四十分钟', home: 'wutong/1/1/202', is: '租户', proof: '租赁合同' },
  sun: { name: '孙桂芳', login: 'sunguifang', password: '孙女教我用的手机呀', home: 'wutong/1/2/301', is: '家属', proof: '户口簿' },
};
const ASKS = { name: '周大勇', login: 'zhoudayong', password: '楼下的桂花香到五楼' };
const CAPTAIN_PHONE = '13900000101';
const WU_PHONE = '13900000202';
const GRID_PHONE = '13900000303';
const SUPERVISION = '010-60001234';
const SOON_MS = 10_000;
// Pages that are others in other clothes, or go on without end: languages, months, days; and what is no page.
const OTHER_WAYS = /[?&](lang|elder|month|day|week|title)=|^\/(assets|sign-out)/;
const MINUTE_MS = 60_000;
const AT_ONCE = 8;

let house;
const people = {};
before(async () => { house = await startEmpty(); });
after(async () => {
  for (const page of Object.values(people)) await page.context().close();
  await house?.stop();
});

// ---- what people do with a page ----

/** Somebody comes to the house: an office at a desk, everybody else with a telephone. */
async function comes(who, size = 'phone') {
  people[who] = await visit(null, house.url, { size });
  people[who].setDefaultTimeout(SOON_MS);
  return people[who];
}

/** Writes into the fields named by their ids, ticks what is true, and chooses by the words where there is a choice. */
async function write(page, fields) {
  const found = await page.locator('main').evaluate((main, ids) => ids.map((id) => {
    const field = main.querySelector(`#${id}`);
    return { tick: field?.type === 'checkbox', labels: field?.options && [...field.options].map((option) => option.text) };
  }), Object.keys(fields));
  for (const [n, [id, words]] of Object.entries(fields).entries()) {
    const field = page.locator(`main #${id}`);
    const { tick, labels } = found[n];
    // Some choices say after a name where that person lives.
    const label = labels?.find((one) => one === words) ?? labels?.find((one) => one.startsWith(`${words} · `));
    if (labels) assert.ok(label, `${words} is none of ${labels}`);
    if (labels) await field.selectOption({ label });
    else if (tick) await field.setChecked(words);
    else await field.fill(words);
  }
}

/** Presses the link or button that says these words, and waits for the page that answers. */
const taps = (page, words, within = 'main') => press(page, `${within} :is(a, button):has-text("${words}"):visible`);

const unfolds = (page, words) => page.locator(`main summary:has-text("${words}")`).first().click();

const reads = (page, within = 'main') => page.locator(within).innerText();

async function says(page, words) {
  assert.ok((await reads(page)).includes(words), `${page.url()} should say ${words}:\n${await reads(page)}`);
}

async function signsIn(page, { login, password }) {
  await page.goto('/sign-in');
  await write(page, { login, password });
  await press(page, 'form[action="/sign-in"] button');
  assert.equal(new URL(page.url()).pathname, '/');
}

/** Nothing hangs over the edge, nobody is shut out, no script failed. */
async function fine(page, name) {
  assert.deepEqual(await axe(page), [], name);
  assert.equal(await overflow(page, page.viewportSize().width < 1000 ? 320 : 1280), 0, name);
  // A page that says no on purpose is an error to the browser alone.
  assert.deepEqual(page.problems.filter((one) => !/status of 4(03|04|22) /.test(one)), [], name);
  await picture(page, `first-day-${name}`, { full: true });
}

/** The page as the printer gets it: how many sheets, each of A4. */
async function sheets(page) {
  const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1');
  const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) => `${Math.round(width)}×${Math.round(height)}`);
  assert.deepEqual([...new Set(boxes)], ['595×842']);
  return boxes.length;
}

/** What of the page is on paper. */
async function onPaper(page) {
  await page.emulateMedia({ media: 'print' });
  const words = await page.locator('body').innerText();
  await page.emulateMedia({ media: null });
  return words;
}

/** A day where the house stands, some days from now. */
const day = (ahead = 0) => new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' }).format(Date.now() + ahead * 86_400_000);

// ---- the day ----

test('the engineer opens the house with the code that it printed, once', async () => {
  const page = await comes('community', 'desk');
  await page.goto('/');
  assert.equal(new URL(page.url()).pathname, '/first-run', 'an empty house leads to its first page');
  await fine(page, 'first-run');
  const { name, login, password } = COMMUNITY;
  const compound = { community: '梧桐社区', compound: '梧桐里', compound_code: 'wutong', buildings: '1-2', entrances: '2', floors: '3', per_floor: '2' };
  await write(page, { code: 'AAAAA-AAAAA', ...compound, name, login, password });
  await taps(page, '开门');
  assert.equal(await page.inputValue('#compound'), '梧桐里', 'what was typed is still there');
  await write(page, { code: house.code, password });
  await taps(page, '开门');
  assert.equal(new URL(page.url()).pathname, '/office/compounds/wutong');
  await says(page, '建好了，现在就能用');
  await fine(page, 'made');
  const another = await comes('stranger');
  assert.equal((await another.goto('/first-run')).status(), 404, 'nobody opens it a second time');
});

test('the community raises what is missing, by the page and by a sheet, and sets a standard', async () => {
  const page = people.community;
  await write(page, { buildings: '3', entrances: '1', floors: '5', per_floor: '2' });
  await taps(page, '把楼建起来');
  assert.deepEqual(await page.locator('dl.facts dd').allInnerTexts(), ['wutong', '3', '34', '0']);
  await taps(page, '地方和门牌');
  const [sheet] = await Promise.all([page.waitForEvent('download'), page.click('main a:text-is("CSV")')]);
  const lines = await (await page.request.get(sheet.url())).text();
  const columns = lines.split(/\r?\n/)[0].split(',').map((name) => name.replace('\ufeff', ''));
  const row = { 小区代号: 'wutong', 小区: '梧桐里', 楼栋: '4号楼', 单元: '1单元', 户室: '101' };
  const more = `${lines.trimEnd()}\n${columns.map((name) => row[name] ?? '').join(',')}\n`;
  const file = { name: '地方.csv', mimeType: 'text/csv', buffer: Buffer.from(more) };
  await page.setInputFiles('#file', file);
  await taps(page, '试一试');
  assert.deepEqual(await page.locator('section.card dd').allInnerTexts(), ['1', '0', '43']);
  await fine(page, 'places-tried');
  await page.setInputFiles('#file', file);
  await taps(page, '导入');
  await page.goto('/office/places?at=wutong');
  await says(page, '4号楼');
  await page.goto('/office/standards');
  await taps(page, '梧桐里');
  await write(page, { category: '路灯楼道灯', door: '小区门', clock: '有人接', amount: '4', unit: '小时，日夜都算' });
  await taps(page, '记下');
  const door = page.locator('section.card', { has: page.locator('h2:text-is("小区门")') });
  assert.match(await door.locator('h3:text-is("路灯楼道灯") + dl').innerText(), /有人接\s+4小时 小区给这类事定的/);
  await fine(page, 'standards');
});

test('the offices are filled, and each comes in with what they typed themselves', async () => {
  const page = people.community;
  for (const [who, one] of Object.entries(OFFICES)) {
    await page.goto('/office/people');
    await unfolds(page, '或者当面给一个登录账号');
    const { name, office, at, source, login, password } = one;
    await write(page, { name, office, at, source, login, password });
    await taps(page, '添上');
    await says(page, name);
    await signsIn(await comes(who, who === 'grid' ? 'phone' : 'desk'), one);
  }
  await fine(page, 'offices');
});

test('letters for a building are printed, one to a sheet, each with a picture to scan and a code', async () => {
  const page = people.community;
  for (const { name, home, is, proof } of Object.values(HOUSEHOLDS)) {
    await page.goto('/office/homes?within=wutong/1');
    await press(page, `main a[href="/office/homes/one?at=${home}"]`);
    await write(page, { name, office: is, proof });
    await taps(page, '添上，写信');
    await says(page, name);
  }
  await fine(page, 'home');
  await page.goto('/office/homes?within=wutong/1');
  await taps(page, '整栋楼的邀请信');
  for (const one of Object.values(HOUSEHOLDS)) {
    const letter = page.locator('section.sign', { hasText: one.name });
    one.code = (await letter.locator('.code').innerText()).trim();
    assert.match(one.code, /^[2-9A-Z]{5}-[2-9A-Z]{5}$/);
    assert.equal(await letter.locator('svg.qr').count(), 1);
  }
  await fine(page, 'letters');
  assert.equal(await sheets(page), 3);
  const paper = await onPaper(page);
  assert.ok(paper.includes(HOUSEHOLDS.sun.code) && paper.includes('2单元 301'));
  assert.ok(!paper.includes('作废') && !paper.includes('打印'), 'what the office reads is not on the letters');
});

test('three households come in by their letters, a fourth asks and is let in by the grid worker who has seen them', async () => {
  for (const [who, { code, login, password, name }] of Object.entries(HOUSEHOLDS)) {
    const page = await comes(who);
    await page.goto('/sign-in/letter');
    if (who === 'sun') await fine(page, 'letter');
    await write(page, { code: code.toLowerCase(), login, password });
    await taps(page, '进来');
    assert.ok((await reads(page, 'header')).includes(name));
    if (who === 'sun') await fine(page, 'in');
  }
  const again = people.stranger;
  await again.goto('/sign-in/letter');
  await write(again, { code: HOUSEHOLDS.sun.code, login: 'bierende', password: '别人捡到的一封信呀' });
  await taps(again, '进来');
  assert.equal(new URL(again.url()).pathname, '/sign-in/letter', 'a letter is good once');

  const page = await comes('zhou');
  await page.goto('/sign-in');
  await taps(page, '我住这里，申请加入');
  await fine(page, 'join');
  await write(page, { building: '梧桐里 3号楼', entrance: '1', room: '502', as: '业主' });
  await write(page, { name: ASKS.name, login: ASKS.login, password: ASKS.password });
  await taps(page, '申请');
  await fine(page, 'asked');
  const grid = people.grid;
  await grid.goto('/office/homes');
  await fine(grid, 'homes-waiting');
  await press(grid, `main a:has-text("${ASKS.name}")`);
  await write(grid, { 'proof-d1': '产权证' });
  await fine(grid, 'homes-verify');
  await taps(grid, '核实了，让他进来');
  assert.match(await grid.locator('main li.row', { hasText: ASKS.name }).locator('.meta').innerText(), /产权证/);
  await page.goto('/me');
  await says(page, '3号楼 1单元 502');
});

test('a captain is chosen for a term, has a deputy, and is one tap from the front page', async () => {
  const { community, zhao, wu, sun } = people;
  await community.goto('/office/people');
  await write(community, { within: '梧桐里 1号楼' });
  await taps(community, '看里面的');
  await write(community, { name: HOUSEHOLDS.zhao.name, same: true, office: '楼栋长', at: '梧桐里 1号楼', source: '选举' });
  await taps(community, '添上');
  const seat = community.locator('main li', { hasText: '楼栋长' }).filter({ hasText: HOUSEHOLDS.zhao.name });
  assert.match(await seat.innerText(), /选举/);
  const until = String(Number(day().slice(0, 4)) + 3);
  assert.ok((await seat.innerText()).includes(until), `three years, as nothing was said: ${await seat.innerText()}`);
  await press(community, `main a[href="${await seat.locator('h2 a').getAttribute('href')}"]`);
  await write(community, { deputy: HOUSEHOLDS.wu.name });
  await press(community, 'form[action="/office/people/deputy"] button');
  await fine(community, 'seat');

  await zhao.goto('/');
  await taps(zhao, '有事找楼栋长');
  await taps(zhao, '我这栋楼');
  await write(zhao, { 'phone-captain': CAPTAIN_PHONE, 'duties-captain': '楼道里的事、邻里的事，晚饭后都在家' });
  await press(zhao, 'form[action="/help/captain/card"] button');

  await sun.goto('/');
  await taps(sun, '有事找楼栋长');
  await says(sun, HOUSEHOLDS.zhao.name);
  assert.equal(await sun.locator('main a.main').getAttribute('href'), `tel:${CAPTAIN_PHONE}`);
  await fine(sun, 'captain');
  await wu.goto('/');
  await taps(wu, '有事找楼栋长');
  await press(wu, 'button[aria-label="我来 环境维护"]');
  await says(wu, '我在里面');
});

test('the board of a building says what it still lacks, and hangs on one sheet when it lacks nothing', async () => {
  const { community, grid } = people;
  await community.goto('/help/captain?at=wutong/1');
  await taps(community, '公示牌');
  const lacks = await community.locator('.note.soon li').allInnerTexts();
  for (const words of ['网格的范围', '网格员的电话', '监督电话']) assert.ok(lacks.includes(words), `${words} is none of ${lacks}`);
  await write(community, { area: '梧桐里1号楼到4号楼，门前道路和绿地', supervision: SUPERVISION });
  await taps(community, '写上去');
  await write(community, { 'phone-community': '010-60005678', 'duties-community': '政策和证明' });
  await press(community, 'form:has(#phone-community) button');
  await grid.goto('/help/captain?at=wutong/1');
  await taps(grid, '我这栋楼');
  await write(grid, { 'phone-grid_worker': GRID_PHONE, 'duties-grid_worker': '入户走访，替您跑腿' });
  await press(grid, 'form:has(#phone-grid_worker) button');
  await community.goto('/help/captain/board?at=wutong/1');
  await says(community, '该写的都写上了，可以打印');
  await fine(community, 'board');
  const paper = await onPaper(community);
  const hung = ['1号楼', '梧桐里网格', '梧桐里1号楼到4号楼', HOUSEHOLDS.zhao.name, CAPTAIN_PHONE, OFFICES.grid.name, GRID_PHONE, COMMUNITY.name, SUPERVISION];
  for (const words of hung) assert.ok(paper.includes(words), `${words} hangs on the board`);
  assert.ok(!paper.includes('填写公示牌') && !paper.includes('打印'));
  assert.equal(await sheets(community), 1);
  await picture(community, 'first-day-board-paper', { full: true });
});

test('the hub says when it is open and what its posts are, and a neighbour takes one', async () => {
  const { hub, wu, stranger } = people;
  await hub.goto('/');
  await taps(hub, '红小楼');
  await unfolds(hub, '改开放时间');
  for (const field of await hub.locator('form[action="/help/hub/hours"] input[type=text]').all()) await field.fill('00:00-23:59');
  await taps(hub, '就这样开');
  await says(hub, '现在开着');
  await unfolds(hub, '设一个岗');
  await write(hub, { name: '接待岗', duties: '谁来都倒杯水，记下来问的是什么事' });
  await hub.check('form[action="/help/hub/post"] input[name=desk]');
  await press(hub, 'form[action="/help/hub/post"] button');

  await wu.goto('/');
  await taps(wu, '红小楼');
  await taps(wu, '这个岗我来');
  assert.equal((await wu.goto('/help/hub/desk?compound=wutong')).status(), 403, 'until somebody confirms it the post opens nothing');
  await hub.reload();
  await taps(hub, '确认他在这个岗');
  assert.equal((await wu.goto('/help/hub/desk?compound=wutong')).status(), 200);
  await stranger.goto('/help/hub?compound=wutong');
  await says(stranger, HOUSEHOLDS.wu.name);
});

test('a month is planned and published, somebody is on duty on the front page, and the roster hangs and goes along', async () => {
  const { hub, sun, wu, zhao, stranger } = people;
  await readies(sun);
  await hub.goto('/');
  await taps(hub, '红小楼');
  await taps(hub, '值班表');
  await shifts(hub, { weekdays: [new Date(day()).getUTCDay() || 7], starts: '00:00', ends: '23:59', need: '1' });
  await taps(hub, '自动排一稿');
  await stranger.goto('/');
  assert.ok(!(await reads(stranger)).includes('现在在岗'), 'a draft is nobody else’s business');
  await taps(hub, '公布');
  await stranger.goto('/');
  await says(stranger, `${HOUSEHOLDS.sun.name} · 值班 · 到23:59`);
  await fine(stranger, 'front-on-duty');

  await readies(wu);
  await readies(zhao, { named: false });
  const next = nextMonth();
  await press(hub, `main a:text-is("${next.name}")`);
  await shifts(hub, { weekdays: [1, 2, 3, 4, 5], starts: '09:00', ends: '11:30', need: '1' });
  await taps(hub, '自动排一稿');
  await taps(hub, '公布');
  await says(hub, '能排上的都排上了');
  assert.equal(await hub.locator('.roster section').count(), next.weekdays);
  assert.equal(await hub.locator('main :text("还缺")').count(), 0);
  for (const { name } of Object.values(HOUSEHOLDS)) assert.ok(await hub.locator(`.roster :text("${name}")`).count() >= Math.floor(next.weekdays / 3), name);
  await fine(hub, 'roster');
  assert.equal(await sheets(hub), 1);
  const paper = await onPaper(hub);
  assert.ok(paper.includes(next.name) && paper.includes('09:00–11:30') && !paper.includes('补排空着的'));

  await sun.goto('/me');
  await says(sun, '的值班表公布了');
  await taps(sun, '我的值班');
  const duties = await sun.locator('form[action="/help/roster/take-off"]').count();
  await taps(sun, '做一个地址');
  await fine(sun, 'duties');
  const address = await sun.locator('code.secret').innerText();
  const calendar = await fetch(address);
  assert.equal(calendar.headers.get('content-type'), 'text/calendar; charset=utf-8');
  const text = await calendar.text();
  assert.equal(text.match(/BEGIN:VEVENT/g).length, duties);
  assert.ok(text.startsWith('BEGIN:VCALENDAR\r\n') && text.includes('SUMMARY:梧桐里值班'));
});

/** A helper says that they can come on any day, at most twenty times a month, with their name or without. */
async function readies(page, { named = true } = {}) {
  await page.goto('/');
  await taps(page, '红小楼');
  await taps(page, '值班表');
  await taps(page, '我的值班');
  for (const box of await page.locator('form[action="/help/roster/ready"] .choices input').all()) await box.check();
  await write(page, { month_max: '20', rest_days: '0' });
  await page.setChecked('input[name=named]', named);
  await taps(page, '就这样');
}

/** The keeper adds shifts to the month that is open. */
async function shifts(page, { weekdays, ...fields }) {
  for (const one of weekdays) await page.check(`form[action="/help/roster/shifts"] input[value="${one}"]`);
  await write(page, fields);
  await taps(page, '添上');
}

/** The month after this one, as the roster names it, with its Mondays to Fridays. */
function nextMonth() {
  const [year, month] = day().split('-').map(Number);
  const days = Array.from({ length: new Date(Date.UTC(year, month + 1, 0)).getUTCDate() }, (_, n) => new Date(Date.UTC(year, month, n + 1)));
  return { name: days[0].toISOString().slice(0, 7), weekdays: days.filter((one) => one.getUTCDay() % 6 > 0).length };
}

test('somebody without a telephone is served at the desk, and says with the slip whether it was good', async (t) => {
  const { hub, property, stranger } = people;
  await hub.goto('/help/hub?compound=wutong');
  await taps(hub, '今天的前台');
  const begun = Date.now();
  await write(hub, { about: '4号楼门口的灯坏了，晚上看不见台阶', name: '王大爷' });
  await taps(hub, '写成一件事');
  await write(hub, { inside: '4号楼' });
  await taps(hub, '交上去');
  const code = (await hub.locator('.slip .code').innerText()).trim();
  assert.ok(Date.now() - begun < MINUTE_MS, 'under a minute');
  await fine(hub, 'slip');
  assert.ok((await onPaper(hub)).includes(code));
  await taps(hub, '小票样式');
  await fine(hub, 'receipt');
  assert.ok((await onPaper(hub)).includes(code));
  assert.equal(await sheets(hub), 1, 'the slip takes one sheet');

  await property.goto('/');
  await taps(property, '办', 'nav.bar');
  await taps(property, '晚上看不见台阶');
  await says(property, '4小时内有人接');
  await press(property, 'form[action$="/accept"] button');
  await property.check('input[value=solved]');
  await write(property, { 'report-words': '换了灯泡，台阶边上刷了白线' });
  await press(property, 'form[action$="/report"] button');

  await stranger.goto('/');
  await taps(stranger, '用取件码看进度');
  await write(stranger, { code });
  await press(stranger, 'form[action="/say/requests/open"] button');
  await says(stranger, '换了灯泡');
  await fine(stranger, 'judge');
  await press(stranger, 'button[value=yes]');
  await says(stranger, '提出的人（凭取件码）说：解决了');
});

test('a neighbour stands in for the captain, moves out and erases himself, and is found nowhere afterwards', async (t) => {
  const { zhao, wu, sun, hub, community, property, grid, stranger } = people;
  const { name, login, password } = HOUSEHOLDS.wu;
  await zhao.goto('/me');
  await taps(zhao, '我的岗位');
  await taps(zhao, '楼栋长');
  await write(zhao, { from: day(), until: day(2) });
  await press(zhao, 'form[action="/office/people/away"] button');
  await fine(zhao, 'away');
  await wu.goto('/help/captain/building?at=wutong/1');
  await write(wu, { 'phone-captain': WU_PHONE });
  await press(wu, 'form:has(#phone-captain) button');
  await sun.goto('/');
  await taps(sun, '有事找楼栋长');
  await says(sun, WU_PHONE);
  await fine(sun, 'stands-in');

  await wu.goto('/');
  await taps(wu, '说一声');
  await write(wu, { words: `二楼过道的窗户关不严，找我开门：${name}，${WU_PHONE}` });
  await taps(wu, '交上去');
  await wu.check('input[name=personal][value=as-is]');
  await taps(wu, '交上去');
  const said = new URL(wu.url()).pathname;
  const second = await comes('second');
  await signsIn(second, HOUSEHOLDS.wu);
  await second.goto('/help/roster/mine?compound=wutong');
  await taps(second, '做一个地址');
  const address = await second.locator('code.secret').innerText();

  // Where he was to be read before: on the case, the hub, the roster, the board, the list of the home.
  const mark = new RegExp(`${name}|${WU_PHONE}|${login}`);
  const before = await crawl(zhao, mark);
  for (const path of [said, '/help/hub', '/help/captain', '/help/captain/board?at=wutong/1']) assert.ok(before.found.includes(path), `${path} is none of ${before.found}`);
  for (const words of [name, WU_PHONE]) assert.equal(await finds(zhao, words, said), true, `${words} is found`);

  await wu.goto('/me');
  await taps(wu, '我家');
  await unfolds(wu, '我搬走了');
  await fine(wu, 'moves-out');
  await press(wu, 'form[action="/me/homes/end"] button');
  await says(wu, '已经结束');
  await wu.goto('/help/captain?at=wutong/1');
  assert.ok(!(await reads(wu)).includes(WU_PHONE), 'who lives there no more stands in no more');

  await wu.goto('/me');
  await taps(wu, '我的数据');
  const [file] = await Promise.all([wu.waitForEvent('download'), wu.click('main a[href="/me/data/export.zip"]')]);
  assert.equal(await file.failure(), null);
  await taps(wu, '注销并抹掉');
  await says(wu, '经手记录留着一个编号');
  await wu.check('#sure');
  await press(wu, 'form[action="/me/data/erase"] button');
  await says(wu, '您的账号和关于您的都没有了');
  await says(wu, '备份里还有');
  await fine(wu, 'erased');

  for (const [who, page] of Object.entries({ zhao, sun, hub, community, property, grid, stranger })) {
    const { found, seen } = await crawl(page, mark);
    assert.deepEqual(found, [], `${who} reads him`);
    assert.ok(seen > 60, `${who} came to ${seen} pages`);
    t.diagnostic(`${who}: ${seen} pages`);
    for (const words of [name, WU_PHONE]) assert.equal(await finds(page, words, said), false, `${who} finds ${words}`);
  }
  await zhao.goto(said);
  await says(zhao, '二楼过道的窗户关不严');
  await hub.goto('/help/hub?compound=wutong');
  assert.match(await hub.locator('li', { hasText: '接待岗' }).innerText(), /还没有人/);
  await hub.goto(`/help/roster?compound=wutong&month=${nextMonth().name}`);
  assert.ok(await hub.locator('.roster :text("还缺1人")').count() >= Math.floor(nextMonth().weekdays / 3), 'his shifts stand open');
  await second.goto('/me');
  assert.equal(await second.locator('main a.main').getAttribute('href'), '/sign-in', 'he is signed in nowhere');
  assert.equal((await fetch(address)).status, 404, 'the calendar is gone');
  await second.goto('/sign-in');
  await write(second, { login, password });
  await press(second, 'form[action="/sign-in"] button');
  await says(second, '不对');
  await second.goto('/sign-in/letter');
  await write(second, { code: HOUSEHOLDS.wu.code, login: 'wusiyuan2', password });
  await taps(second, '进来');
  assert.equal(new URL(second.url()).pathname, '/sign-in/letter');
});

/** Whether a search for these words leads there. */
async function finds(page, words, path) {
  const answer = await page.request.get(`/search?q=${encodeURIComponent(words)}`);
  assert.equal(answer.status(), 200);
  return (await answer.text()).includes(path);
}

/** Every page and file that can be reached by links from the front page, with those that say what is looked for. */
async function crawl(page, mark) {
  const [seen, found] = [new Set(['/']), []];
  for (let todo = ['/']; todo.length > 0;) {
    const links = await Promise.all(todo.splice(0, AT_ONCE).map(async (path) => {
      const answer = await page.request.get(path);
      const text = await answer.text();
      if (mark.test(text)) found.push(path);
      if (!answer.headers()['content-type']?.startsWith('text/html')) return [];
      const hrefs = [...text.matchAll(/ href="([^"]+)"/g)].map(([, href]) => href.replaceAll('&#38;', '&').replaceAll('&amp;', '&'));
      return hrefs.map((href) => new URL(href, answer.url())).filter((to) => to.origin === house.url).map((to) => to.pathname + to.search);
    }));
    for (const path of links.flat().filter((one) => !OTHER_WAYS.test(one) && !seen.has(one))) {
      seen.add(path);
      todo.push(path);
    }
  }
  return { found, seen: seen.size };
}
