// 说一声 with a script: the numbers to call and the fitting category while somebody writes, and a voice note.

const form = document.querySelector('form[data-suggest]');
const SECONDS_MAX = 60;
const PAUSE_MS = 500;

if (form) {
  const [words, category] = [form.elements.words, form.elements.category];
  let wait, asked = '';
  const ask = async () => {
    const now = `${category.value}|${words.value.slice(0, 1500)}`;
    if (now === asked || !words.value.trim()) return;
    asked = now;
    const query = new URLSearchParams({ at: form.elements.at.value, category: category.value });
    // In a header, because addresses stand in logs.
    const answer = await fetch(`${form.dataset.suggest}?${query}`, { headers: { 'x-words': encodeURIComponent(words.value.slice(0, 1500)) } }).catch(() => null);
    if (!answer?.ok || now !== asked) return;
    const told = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const [alarm, block] = [told.getElementById('alarm'), told.getElementById('asked')];
    const shown = document.getElementById('alarm');
    if (shown.textContent.trim() !== alarm.textContent.trim()) shown.replaceChildren(...alarm.childNodes);
    const old = document.getElementById('asked');
    // What was answered already stays.
    if (old.dataset.category !== block.dataset.category || !block.dataset.category) {
      old.dataset.category = block.dataset.category;
      old.replaceChildren(...block.childNodes);
    }
  };
  const soon = () => { clearTimeout(wait); wait = setTimeout(ask, PAUSE_MS); };
  words.addEventListener('input', soon);
  category.addEventListener('change', ask);
  document.getElementById('asked').addEventListener('click', (event) => {
    const slug = event.target.dataset?.choose;
    if (!slug) return;
    category.value = slug;
    category.dispatchEvent(new Event('input', { bubbles: true }));
    ask();
  });
  // On the phone with somebody: straight to the words.
  if ('caller' in form.dataset) words.focus();
  soon();
}

const input = document.querySelector('input[data-voice]');
if (input && navigator.mediaDevices?.getUserMedia && globalThis.MediaRecorder) recorder(input);

function recorder(input) {
  const box = document.createElement('div');
  box.className = 'recorder';
  const button = (text, act) => {
    const made = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
    made.addEventListener('click', act);
    return made;
  };
  const say = (text) => Object.assign(document.createElement('span'), { textContent: text, role: 'status' });
  let running, tick;
  const idle = () => box.replaceChildren(button(input.dataset.record, start));
  const keep = (blob) => {
    const kind = blob.type.split(';')[0];
    const carrier = new DataTransfer();
    carrier.items.add(new File([blob], `voice.${kind.split('/')[1]}`, { type: kind }));
    input.files = carrier.files;
    if (form) form.elements.words.required = false;
    const player = Object.assign(new Audio(URL.createObjectURL(blob)), { controls: true });
    box.replaceChildren(player, button(input.dataset.again, start), button(input.dataset.drop, () => {
      input.value = '';
      if (form) form.elements.words.required = true;
      idle();
    }));
  };
  async function start() {
    const sound = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
    if (!sound) { box.replaceChildren(say(input.dataset.none)); return; }
    const parts = [];
    running = new MediaRecorder(sound, { audioBitsPerSecond: 32_000 });
    running.addEventListener('dataavailable', (event) => parts.push(event.data));
    running.addEventListener('stop', () => {
      clearInterval(tick);
      sound.getTracks().forEach((track) => track.stop());
      keep(new Blob(parts, { type: running.mimeType }));
    });
    running.start();
    const clock = say('');
    let seconds = 0;
    const stop = button(input.dataset.stop, () => running.state === 'recording' && running.stop());
    tick = setInterval(() => { clock.textContent = `${(seconds += 1)} / ${SECONDS_MAX} s`; if (seconds >= SECONDS_MAX) stop.click(); }, 1000);
    box.replaceChildren(stop, clock);
    stop.focus();
  }
  input.after(box);
  input.addEventListener('change', () => { if (form) form.elements.words.required = !input.files.length; });
  form?.addEventListener('reset', idle);
  idle();
}
