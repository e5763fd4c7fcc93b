// Small comforts on top of pages that work without: drafts that survive a reload, photos that fit a slow network,
// one press that counts once, pages that notice changes.

document.documentElement.classList.add('scripted');

const PHOTO_SIDE_MAX = 1600;
const PHOTO_BYTES_FINE = 600_000;

function drafts(form) {
  const name = `draft:${form.dataset.draft}`;
  const fields = () => [...form.elements].filter((e) => e.name && !e.name.startsWith('_') && !['file', 'hidden', 'submit', 'password'].includes(e.type));
  const read = () => { try { return JSON.parse(localStorage.getItem(name)) ?? {}; } catch { return {}; } };
  const kept = read();
  for (const field of fields()) {
    const value = kept[field.name];
    if (value === undefined || (field.defaultValue ?? '') !== '') continue;
    if (field.type === 'checkbox') field.checked = value === true;
    else if (field.type === 'radio') field.checked = field.value === value;
    else field.value = value;
  }
  form.addEventListener('input', () => {
    const now = {};
    for (const field of fields()) {
      if (field.type === 'checkbox') now[field.name] = field.checked;
      else if (field.type === 'radio') { if (field.checked) now[field.name] = field.value; }
      else now[field.name] = field.value;
    }
    try { localStorage.setItem(name, JSON.stringify(now)); } catch { /* full or forbidden: the form still works */ }
  });
  return () => localStorage.removeItem(name);
}

async function smaller(file) {
  if (!file.type.startsWith('image/') || file.size < PHOTO_BYTES_FINE) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, PHOTO_SIDE_MAX / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
    return blob.size < file.size ? new File([blob], 'photo.jpg', { type: 'image/jpeg' }) : file;
  } catch { return file; }
}

function photos(input) {
  const shown = document.createElement('div');
  shown.className = 'previews';
  input.after(shown);
  input.form?.addEventListener('reset', () => shown.replaceChildren());
  input.addEventListener('change', async () => {
    const files = await Promise.all([...input.files].slice(0, 4).map(smaller));
    const carrier = new DataTransfer();
    files.forEach((file) => carrier.items.add(file));
    input.files = carrier.files;
    shown.replaceChildren(...files.map((file) => Object.assign(new Image(), { src: URL.createObjectURL(file), alt: '' })));
  });
}

for (const form of document.querySelectorAll('form[method=post]')) {
  const forget = form.dataset.draft ? drafts(form) : null;
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    // A form whose answer is a file leaves this page standing.
    if (!('again' in form.dataset)) form.dataset.sent = '1';
    if (forget) sessionStorage.setItem('sent', form.dataset.draft);
  });
}
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach((form) => { delete form.dataset.sent; }));

const sent = sessionStorage.getItem('sent');
if (sent && !document.querySelector(`form[data-draft="${CSS.escape(sent)}"]`)) {
  localStorage.removeItem(`draft:${sent}`);
  sessionStorage.removeItem('sent');
}

document.querySelectorAll('input[type=file][data-photos]').forEach(photos);
// While somebody writes: what was said before that is like it.
const similar = document.querySelector('[data-similar]');
if (similar) {
  const form = similar.closest('form');
  let waiting, asking;
  form.addEventListener('input', (event) => {
    if (!['words', 'category'].includes(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      asking?.abort();
      asking = new AbortController();
      const query = new URLSearchParams({ words: form.elements.words.value.slice(0, 500), category: form.elements.category?.value ?? '' });
      try {
        const answer = await fetch(`${similar.dataset.similar}&${query}`, { signal: asking.signal });
        if (answer.ok) similar.innerHTML = await answer.text();
      } catch { /* no network: writing goes on */ }
    }, 500);
  });
}

document.querySelectorAll('[data-print]').forEach((button) => button.addEventListener('click', () => print()));
document.querySelectorAll('[data-copy]').forEach((button) => button.addEventListener('click', async () => {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  button.textContent = button.dataset.copied;
}));
document.querySelectorAll('select[data-go]').forEach((select) => select.addEventListener('change', () => select.form.requestSubmit()));

document.querySelectorAll('select[data-fill]').forEach((select) => select.addEventListener('change', () => {
  const { text, outcome } = select.selectedOptions[0]?.dataset ?? {};
  const area = document.getElementById(select.dataset.fill);
  if (text) area.value = text;
  const choice = outcome && area.form.querySelector(`input[value=${outcome}]`);
  if (choice) choice.checked = true;
}));

const live = document.querySelector('[data-live]');
if (live) {
  const events = new EventSource(live.dataset.live);
  // Ids grow with time: what this page shows already is no news.
  events.addEventListener('changed', (event) => {
    if (event.data <= live.dataset.latest) return;
    live.querySelector('[data-live-note]')?.removeAttribute('hidden');
  });
}

// A screen on the wall: nobody presses anything there, so it takes its own words anew. Without network it keeps the last ones.
const anew = document.querySelector('[data-anew]');
if (anew) setInterval(async () => {
  try {
    const answer = await fetch(location.href);
    const there = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-anew]');
    if (there) anew.replaceChildren(...there.childNodes);
  } catch { /* the next minute tries again */ }
}, 1000 * Number(anew.dataset.anew));

// One stream a page, and only while it is looked at: browsers open few connections to one house.
const told = document.querySelector('[data-told]');
if (told) {
  const [count, n] = [told.querySelector('.count'), told.querySelector('[data-n]')];
  let events;
  const listen = () => {
    events?.close();
    if (document.hidden) return;
    events = new EventSource(told.dataset.told);
    events.addEventListener('changed', () => {
      n.textContent = Number(n.textContent) + 1;
      count.hidden = false;
    });
  };
  document.addEventListener('visibilitychange', listen);
  listen();
}

document.querySelector('.summary')?.focus();
