// The pictures of the README, in the order of the story they tell. `cargo xtask shots` takes them into docs/pictures.
//
// A scene is { name, size, lang, elder, dark, scripts, full, steps }: the choices are those of `visit` in harness.mjs,
// and `steps(page, { url, people })` goes to what is to be seen. Scenes share one demo and run in order, so a later one
// may look at what an earlier one did. `people` is for what one scene wants to tell a later one, e.g. a code.

export const scenes = [
  { name: 'front', size: 'phone', steps: (page) => page.goto('/') },
];
