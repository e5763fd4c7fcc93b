// Two more ways in: by the sign-in of an office, and by a code on the telephone. The office's sign-in and the gateway for short
// messages are played here; the browser goes there and comes back as it would.

import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { axe, be, freePort, overflow, picture, press, signOut, startDemo, visit } from './harness.mjs';

const CLIENT = { id: 'mulin', secret: '榴香街道给的密钥' };
const NAME = '榴香街道统一登录';
const PHONE = '13900000404';
const PASSWORD = '楼道里有一盏长明灯';
const SMS_SECRET = 'gateway-secret';
const SOON_MS = 10_000;
/** A number is sent one code a minute. */
const PAUSE_MS = 60_000;

let house, office, gateway, url;
before(async () => {
  [office, gateway] = [await officeSignIn(), await messages()];
  const port = await freePort();
  url = `http://localhost:${port}`;
  house = await startDemo({
    listen: `127.0.0.1:${port}`,
    args: [
      '--public-url', url, '--matters', '1', '--allow-private-targets', '--sms-url', `${gateway.url}/messages`, '--sms-sign-in',
      '--sms-header', 'Authorization: Bearer {secret}', '--sms-body', '{"to":"{phone}","text":"【睦邻】验证码 {code}，5分钟内有效。"}',
    ],
    settings: { MULIN_SMS_SECRET: SMS_SECRET },
  });
});
after(async () => {
  await house?.stop();
  for (const one of [office, gateway]) one?.close();
});

// ---- what stands elsewhere ----

async function listening(answer) {
  const server = createServer(answer);
  await new Promise((open) => server.listen(0, '127.0.0.1', open));
  const close = () => { server.closeAllConnections(); server.close(); };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

async function body(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** The sign-in of an office (OpenID Connect, code flow with PKCE): whoever comes chooses who they are. `signs` says how, `forges` with whose key. */
async function officeSignIn() {
  const keys = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  };
  const strange = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const it = { signs: 'RS256', forges: false, asked: [], scopes: new Set() };
  const codes = new Map();
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = ({ who, nonce }) => {
    const now = Math.floor(Date.now() / 1000);
    const text = `${part({ alg: it.signs, kid: it.signs })}.${part({ iss: it.url, aud: CLIENT.id, sub: who, nonce, iat: now, exp: now + 300 })}`;
    const key = it.forges ? strange.privateKey : keys[it.signs].privateKey;
    return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const pages = {
    '/.well-known/openid-configuration': () => ({
      issuer: it.url, authorization_endpoint: `${it.url}/authorize`, token_endpoint: `${it.url}/token`, jwks_uri: `${it.url}/keys`,
    }),
    '/keys': () => ({ keys: Object.entries(keys).map(([kid, pair]) => ({ ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig' })) }),
    '/authorize': ({ searchParams: asked }) => {
      assert.deepEqual([asked.get('response_type'), asked.get('client_id'), asked.get('code_challenge_method')], ['code', CLIENT.id, 'S256']);
      it.scopes.add(asked.get('scope'));
      const [back, state] = [asked.get('redirect_uri'), asked.get('state')];
      const to = (pairs) => `${back}?${new URLSearchParams({ ...pairs, state })}`;
      const known = (who) => {
        const code = randomBytes(12).toString('hex');
        codes.set(code, { who, back, nonce: asked.get('nonce'), challenge: asked.get('code_challenge') });
        return to({ code });
      };
      return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>${NAME}</title><link rel="icon" href="data:,"><h1>${NAME}</h1>`
        + ['工号0071', '工号0072'].map((who) => `<p><a href="${known(who)}">${who}</a></p>`).join('') + `<p><a href="${to({ error: 'access_denied' })}">不登了</a></p>`;
    },
    '/token': async (_, request) => {
      const form = new URLSearchParams(await body(request));
      const pair = `${encodeURIComponent(CLIENT.id)}:${encodeURIComponent(CLIENT.secret)}`;
      const there = codes.get(form.get('code'));
      codes.delete(form.get('code'));
      const proof = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
      const fits = request.headers.authorization === `Basic ${Buffer.from(pair).toString('base64')}` && form.get('grant_type') === 'authorization_code'
        && there?.challenge === proof && there.back === form.get('redirect_uri');
      return fits ? { token_type: 'Bearer', access_token: 'unused', id_token: token(there) } : null;
    },
  };
  return Object.assign(it, await listening(async (request, answer) => {
    const at = new URL(request.url, it.url);
    it.asked.push(at.pathname);
    const told = await pages[at.pathname]?.(at, request);
    if (!told) return answer.writeHead(400).end('{}');
    const text = typeof told === 'string';
    return answer.writeHead(200, { 'content-type': text ? 'text/html; charset=utf-8' : 'application/json' }).end(text ? told : JSON.stringify(told));
  }));
}

/** A gateway for short messages: what it was given to send, and the newest code for a number once there are so many. */
async function messages() {
  const it = { sent: [] };
  it.code = async (number, count) => {
    const mine = () => it.sent.filter((one) => one.to === number);
    for (const end = Date.now() + SOON_MS; mine().length < count;) {
      assert.ok(Date.now() < end, `${count} messages to ${number}: ${JSON.stringify(it.sent)}`);
      await new Promise((again) => setTimeout(again, 100));
    }
    return mine().at(-1).text.match(/验证码 (\d{6})，/)[1];
  };
  return Object.assign(it, await listening(async (request, answer) => {
    const told = JSON.parse(await body(request));
    const fits = request.headers.authorization === `Bearer ${SMS_SECRET}` && request.method === 'POST';
    if (fits) it.sent.push(told);
    answer.writeHead(fits ? 200 : 403).end();
  }));
}

// ---- what people do ----

const reads = (page) => page.locator('main').innerText();

async function says(page, words) {
  assert.ok((await reads(page)).includes(words), `${page.url()} should say ${words}:\n${await reads(page)}`);
}

/** Nothing hangs over the edge, nobody is shut out; what went wrong is the office next door, or a no. */
async function fine(page, name) {
  assert.deepEqual(await axe(page), [], name);
  assert.equal(await overflow(page, page.viewportSize().width < 1000 ? 320 : 1280), 0, name);
  assert.deepEqual(page.problems.filter((one) => !one.startsWith(`elsewhere: ${office.url}`) && !/status of 4(22|29) /.test(one)), [], name);
  await picture(page, `ways-${name}`, { full: true });
}

/** From the button of the house to the office's page, where somebody says who they are, and back with one more button. */
async function byOffice(page, button, who) {
  await press(page, button);
  await press(page, `main a:has-text("去${NAME}")`);
  assert.equal(new URL(page.url()).origin, office.url);
  await press(page, `a:text-is("${who}")`);
  assert.equal(new URL(page.url()).pathname, '/sign-in/office/back');
  await press(page, 'main button.main');
}

const ENTER = 'form[action="/sign-in/office"] button';
const LINK = 'form[action="/me/devices/office"] button';

let asked;
test('a neighbour confirms the number of her telephone with a code that is sent to it', async (t) => {
  const page = await visit(t, url);
  await be(page, 'nainai');
  await page.goto('/me/devices');
  await page.fill('#password', PASSWORD);
  await press(page, 'form[action="/me/devices/password"] button');
  await page.goto('/me/devices');
  await page.fill('#phone', '139 0000 04');
  await page.fill('#phone-old', PASSWORD);
  await press(page, 'form[action="/me/devices/phone"] button');
  await says(page, '请填11位的手机号');
  await page.fill('#phone', PHONE);
  await page.fill('#phone-old', PASSWORD);
  await press(page, 'form[action="/me/devices/phone"] button');
  asked = Date.now();
  await says(page, '139****0404，等您填短信里的码');
  await fine(page, 'phone-given');
  const code = await gateway.code(PHONE, 1);
  await page.fill('#code', code === '000000' ? '111111' : '000000');
  await press(page, 'form[action="/me/devices/phone/confirm"] button');
  await says(page, '码不对');
  await fine(page, 'phone-wrong');
  await page.fill('#code', code);
  await press(page, 'form[action="/me/devices/phone/confirm"] button');
  assert.match(await reads(page), /139\*\*\*\*0404，.+验证过/);
  await fine(page, 'phone-confirmed');
  assert.ok(!(await reads(page)).includes(PHONE), 'the number is not shown in full again');
});

test('the community writes down the sign-in of the office, and its staff link it once and come in by it', async (t) => {
  const [community, staff] = [await visit(t, url, { size: 'desk' }), await visit(t, url, { size: 'desk' })];
  await be(community, 'shequ');
  await community.goto('/office/desk');
  await press(community, 'main a:has-text("单位统一登录")');
  await says(community, `${url}/sign-in/office/back`);
  await fine(community, 'provider');
  for (const [id, words] of Object.entries({ name: NAME, issuer: office.url, client: CLIENT.id, secret: CLIENT.secret })) await community.fill(`#${id}`, words);
  await press(community, 'form[action="/office/provider"] button.main');
  await fine(community, 'provider-set');
  assert.ok(!(await community.content()).includes(CLIENT.secret), 'the secret is not shown again');

  await be(staff, 'wuye');
  await staff.goto('/me/devices');
  await fine(staff, 'devices');
  await byOffice(staff, LINK, '工号0071');
  assert.equal(new URL(staff.url()).pathname, '/me/devices');
  assert.equal(await staff.locator('main button:text-is("断开")').count(), 1);
  assert.equal(await staff.locator(LINK).count(), 0);
  await fine(staff, 'linked');
  for (const alg of ['RS256', 'ES256']) {
    office.signs = alg;
    await signOut(staff);
    await staff.goto('/sign-in');
    await byOffice(staff, ENTER, '工号0071');
    assert.equal(new URL(staff.url()).pathname, '/', alg);
    await staff.goto('/me/devices');
    await says(staff, '用户名：wuye');
  }
  assert.deepEqual([...office.scopes], ['openid'], 'nothing else is asked of it');
});

test('whom nobody has linked, a token of another hand, and an office that is away open nothing, and say what else there is', async (t) => {
  const page = await visit(t, url);
  await page.goto('/sign-in');
  await fine(page, 'sign-in');
  await press(page, ENTER);
  await fine(page, 'office-go');
  await press(page, `main a:has-text("去${NAME}")`);
  await press(page, 'a:text-is("工号0072")');
  await fine(page, 'office-back');
  await press(page, 'main button.main');
  await says(page, '这个单位账号还没有连到这里的人');
  await fine(page, 'office-unknown');

  office.forges = true;
  await byOffice(page, ENTER, '工号0071');
  office.forges = false;
  await says(page, '单位的登录没有说清楚您是谁');
  await page.goto('/me');
  assert.equal(await page.locator('main a.main').getAttribute('href'), '/sign-in');

  await page.goto('/sign-in');
  await press(page, ENTER);
  await press(page, `main a:has-text("去${NAME}")`);
  await press(page, 'a:text-is("不登了")');
  assert.equal(new URL(page.url()).pathname, '/sign-in', 'whoever turns back is where they were');

  // A way back that somebody else has begun: the code fits, and the browser is another.
  await press(page, ENTER);
  await press(page, `main a:has-text("去${NAME}")`);
  const back = await page.locator('a:text-is("工号0071")').getAttribute('href');
  const other = await visit(t, url);
  await other.goto(back);
  await press(other, 'main button.main');
  await says(other, '请从头再来');
  await other.goto('/me');
  assert.equal(await other.locator('main a.main').getAttribute('href'), '/sign-in');
});

test('whoever has no office here any more does not come in by it', async (t) => {
  const [community, staff] = [await visit(t, url, { size: 'desk' }), await visit(t, url)];
  await be(community, 'shequ');
  await community.goto('/office/people');
  const theirs = community.locator('main li.row', { hasText: 'wuye' });
  assert.equal(await theirs.count(), 1);
  await theirs.locator('summary').click();
  await Promise.all([community.waitForEvent('load'), theirs.locator('button.bad').click()]);
  assert.equal(await theirs.count(), 0);
  await staff.goto('/sign-in');
  await byOffice(staff, ENTER, '工号0071');
  await says(staff, '您在这里没有岗位了');
  await fine(staff, 'no-office');

  office.close();
  await press(staff, ENTER);
  await says(staff, '单位的登录现在连不上。请用别的办法登录');
  assert.ok(await staff.locator('#password').isVisible() && await staff.locator('main a:has-text("用手机验证码登录")').isVisible());
  await fine(staff, 'office-away');
});

test('she comes in by a code on her telephone, and a number that nobody has confirmed is told nothing else', async (t) => {
  const [page, stranger] = [await visit(t, url), await visit(t, url)];
  await page.goto('/sign-in');
  await press(page, 'main a:has-text("用手机验证码登录")');
  await fine(page, 'phone');
  // One code a minute: that for confirming is the last.
  await new Promise((passed) => setTimeout(passed, Math.max(0, asked + PAUSE_MS + 1_000 - Date.now())));
  await page.fill('#phone', PHONE);
  await press(page, 'form[action="/sign-in/phone"] button');
  await fine(page, 'phone-code');
  const said = await reads(page);
  const code = await gateway.code(PHONE, 2);

  await stranger.goto('/sign-in/phone');
  await stranger.fill('#phone', '13900000505');
  await press(stranger, 'form[action="/sign-in/phone"] button');
  assert.equal(await reads(stranger), said, 'the page does not tell whose number it is');
  await stranger.goto('/sign-in/phone');
  await stranger.fill('#phone', '13900000505');
  await press(stranger, 'form[action="/sign-in/phone"] button');
  await says(stranger, '来得太快了');
  await fine(stranger, 'phone-too-soon');

  await page.fill('#code', code);
  await press(page, 'form[action="/sign-in/phone/code"] button');
  assert.equal(new URL(page.url()).pathname, '/');
  await page.goto('/me/devices');
  await says(page, '用户名：nainai');
  await signOut(page);
  await page.goto('/sign-in/phone');
  assert.deepEqual(gateway.sent.map((one) => one.to), [PHONE, PHONE], 'to the other number nothing went');
});
