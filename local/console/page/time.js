import { act } from './api.js';
import { byId } from './dom.js';
import { refreshSoon } from './store.js';
import { attempt, tell } from './views.js';

/** Makes the menu at the clock live: it advances time, and begins anew. */
export function showTime() {
  const menu = byId('time');
  const dialog = byId('confirm');
  const run = async (what, name, input) => {
    if (menu.ariaBusy === 'true') return;
    menu.ariaBusy = 'true';
    tell(what);
    const answer = await attempt(() => act(name, input));
    if (answer) tell(answer.text);
    menu.ariaBusy = 'false';
    refreshSoon();
  };
  for (const button of menu.querySelectorAll('[data-ms]')) {
    button.addEventListener('click', () => {
      void run(`Advancing time by ${button.textContent}`, 'advance', { ms: Number(button.dataset.ms) });
    });
  }
  byId('reset').addEventListener('click', () => {
    menu.open = false;
    dialog.showModal();
  });
  byId('confirm-keep').addEventListener('click', () => dialog.close());
  byId('confirm-reset').addEventListener('click', () => {
    dialog.close();
    void run('Beginning anew', 'reset', {});
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
