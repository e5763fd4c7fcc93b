// What could not be sent stays on the device, with photos and voice, and goes when there is a network: with the key of its
// first try, so that the house counts it once though the first answer was lost. One tab sends at a time.

const DAY = 86_400_000;
// The house remembers keys for seven days; what is older could count twice, so it does not go by itself.
const AGE_MS_MAX = 6 * DAY;
const AGAIN_MS = 20_000;
const text = document.getElementById('unsent-words')?.dataset ?? {};

const store = new Promise((done, failed) => {
  const open = indexedDB.open('mulin', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('unsent', { keyPath: 'key' });
  open.onsuccess = () => done(open.result);
  open.onerror = () => failed(open.error);
});
store.catch(() => {});

async function run(mode, work) {
  const box = (await store).transaction('unsent', mode, { durability: 'strict' });
  const request = work(box.objectStore('unsent'));
  return new Promise((done, failed) => {
    box.oncomplete = () => done(request.result);
    box.onerror = box.onabort = () => failed(box.error);
  });
}
const all = () => run('readonly', (box) => box.getAll());
const put = (item) => run('readwrite', (box) => box.put(item));
const drop = (key) => run('readwrite', (box) => box.delete(key));
const locked = (options, work) => (navigator.locks ? navigator.locks.request('mulin-unsent', options, work) : work(true));

async function csrf(at) {
  const answer = await fetch(`/say/requests/new?at=${encodeURIComponent(at)}`, { cache: 'no-store' });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  return page.querySelector('form[data-unsent] input[name=_csrf]')?.value;
}

// 'sent' with the address of the case; 'later' without a network; 'refused' when the page itself must say why.
async function send(item, token) {
  const body = new FormData();
  body.append('_csrf', token);
  body.append('_key', item.key);
  for (const [name, value, file] of item.fields) { if (file) body.append(name, value, file); else body.append(name, value); }
  const answer = await fetch(item.action, { method: 'POST', body }).catch(() => null);
  if (!answer || answer.status >= 500 || answer.status === 429) return { state: 'later' };
  if (answer.ok && answer.redirected) return { state: 'sent', url: answer.url };
  // The same key with another sender: it was taken before.
  if (answer.status === 409) return { state: 'sent', url: '/me' };
  return { state: answer.status === 403 ? 'stale' : 'refused' };
}

async function sendAll() {
  await locked({ ifAvailable: true }, async (lock) => {
    if (!lock) return;
    for (const item of await all()) {
      if (item.url || item.refused || Date.now() - item.at > AGE_MS_MAX) continue;
      const token = await csrf(item.place).catch(() => null);
      if (!token) break;
      const told = await send(item, token);
      if (told.state === 'later') break;
      if (told.state === 'sent') await put({ key: item.key, at: item.at, label: item.label, url: told.url });
      else await put({ ...item, refused: true });
    }
  });
  await show();
}

let again;
async function show() {
  const items = await all();
  document.querySelector('.unsent')?.remove();
  clearTimeout(again);
  if (!items.length) return;
  const make = (tag, more, ...inner) => { const made = Object.assign(document.createElement(tag), more); made.append(...inner); return made; };
  const waiting = items.filter((item) => !item.url);
  const line = (item) => {
    const old = !item.url && (item.refused || Date.now() - item.at > AGE_MS_MAX);
    const state = item.url ? make('a', { href: item.url }, `${text.done} · ${text.look}`) : old ? text.old : '';
    const away = make('button', { type: 'button', ariaLabel: `${text.drop} ${item.label}` }, text.drop);
    away.addEventListener('click', async () => { await drop(item.key); show(); });
    return make('li', {}, make('span', {}, item.label, ' ', state), away);
  };
  const title = waiting.length ? `${text.title} (${waiting.length})` : text.done;
  const box = make('section', { className: 'note soon unsent' }, make('h2', {}, title));
  if (waiting.length) box.append(make('p', {}, text.text));
  box.append(make('ul', {}, ...items.map(line)));
  if (waiting.length) {
    const now = make('button', { type: 'button' }, text.now);
    now.addEventListener('click', sendAll);
    box.append(now);
    again = setTimeout(sendAll, AGAIN_MS);
  }
  document.getElementById('main').prepend(box);
}

for (const form of document.querySelectorAll('form[data-unsent]')) {
  form.addEventListener('submit', async (event) => {
    // Pressed twice, or asking for more questions: the page's own way.
    if (event.defaultPrevented || event.submitter?.name) return;
    event.preventDefault();
    const value = (name) => form.elements[name]?.value ?? '';
    const fields = [...new FormData(form)].filter(([name, given]) => !name.startsWith('_') && !(given instanceof File && !given.size))
      .map(([name, given]) => (given instanceof File ? [name, new Blob([given], { type: given.type }), given.name || 'file'] : [name, given]));
    const item = { key: value('_key'), at: Date.now(), action: form.getAttribute('action'), place: value('at'), label: value('words').slice(0, 40) || value('at'), fields };
    try { await put(item); } catch { form.submit(); return; }
    const told = await locked({}, () => send(item, value('_csrf')));
    if (told.state === 'sent') {
      await drop(item.key);
      localStorage.removeItem(`draft:${form.dataset.draft}`);
      location.assign(told.url);
    } else if (told.state === 'later') {
      localStorage.removeItem(`draft:${form.dataset.draft}`);
      form.reset();
      // The next one is another request.
      form.elements._key.value = `${crypto.randomUUID().replaceAll('-', '')}-new`;
      delete form.dataset.sent;
      await show();
      document.querySelector('.unsent')?.scrollIntoView();
    } else {
      await drop(item.key);
      form.submit();
    }
  });
}

// Whoever signs out leaves nothing behind for the next at this device.
for (const form of document.querySelectorAll('form[action="/sign-out"]')) {
  form.addEventListener('submit', () => indexedDB.deleteDatabase('mulin'));
}

addEventListener('online', sendAll);
all().then((items) => items.length && sendAll()).catch(() => {});
