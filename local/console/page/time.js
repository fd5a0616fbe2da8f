import { act } from './api.js';
import { byId } from './dom.js';
import { refreshSoon } from './store.js';
import { attempt, tell } from './views.js';

/** Makes the menu at the clock live: it advances time, and begins anew. */
export function showTime() {
  const menu = byId('time');
  const dialog = byId('confirm');
  for (const button of menu.querySelectorAll('[data-ms]')) {
    button.addEventListener('click', () => void advance(menu, button));
  }
  byId('reset').addEventListener('click', () => {
    menu.open = false;
    dialog.showModal();
  });
  byId('confirm-keep').addEventListener('click', () => dialog.close());
  byId('confirm-reset').addEventListener('click', async () => {
    dialog.close();
    tell('Beginning anew');
    await attempt(() => act('reset', {}));
  });
  menu.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return;
    menu.open = false;
    menu.querySelector('summary').focus();
  });
  document.addEventListener('click', ({ target }) => {
    if (!menu.contains(target)) menu.open = false;
  });
}

/** Advances time, once at a time, and says in the menu what came of it. */
async function advance(menu, { dataset, textContent }) {
  if (menu.ariaBusy === 'true') return;
  menu.ariaBusy = 'true';
  const said = byId('advanced');
  said.hidden = false;
  said.textContent = `Advancing by ${textContent}`;
  said.textContent = await act('advance', { ms: Number(dataset.ms) }).then(
    ({ text }) => text,
    ({ message }) => message,
  );
  menu.ariaBusy = 'false';
  refreshSoon();
}
