// The desk by keyboard. The keys work while nothing is being typed, and not with Ctrl, Alt or Meta, so they get in nobody's way.

const rows = [...document.querySelectorAll('[data-rows] .row')];
const links = rows.map((row) => row.querySelector('a'));
const help = document.querySelector('[data-keys]');

const deeds = {
  j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
  x: () => rows[at()]?.querySelector('input')?.click(),
  '/': () => document.getElementById('q')?.focus(),
  '?': () => { help.open = !help.open; if (help.open) help.querySelector('summary').focus(); },
};

function at() { return links.indexOf(document.activeElement); }

function move(step) {
  const next = links[Math.max(0, Math.min(links.length - 1, at() + step))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

addEventListener('keydown', (event) => {
  const here = document.activeElement;
  const free = here === document.body || here?.id === 'main' || links.includes(here) || here === help?.firstElementChild;
  const deed = Object.hasOwn(deeds, event.key) && deeds[event.key];
  if (!deed || !free || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key.startsWith('Arrow') && at() < 0) return;
  event.preventDefault();
  deed();
});

// How old the page is, for the stairs where the network comes and goes.
const age = document.querySelector('[data-age]');
if (age) {
  const since = Date.now();
  setInterval(() => { age.textContent = age.dataset.age.replace('0', String(Math.round((Date.now() - since) / 60000))); }, 30000);
}
