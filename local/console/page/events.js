import { byId, el, empty, shortArn, timeOf } from './dom.js';
import { show } from './views.js';
import { on, store } from './store.js';

/** Rows in the page; a filter finds the others. */
const rowLimit = 200;
/** Milliseconds between two drawings of the list. */
const pause = 200;

/** A hop as a row that leads to its journey. */
export function hopRow(hop) {
  return el(
    'li',
    { class: hop.outcome },
    el(
      'button',
      { type: 'button', class: 'hop', onclick: () => show('journey', hop.id) },
      el('time', {}, timeOf(hop.time)),
      el('b', {}, `${hop.service} ${hop.operation}`),
      hop.outcome !== 'ok' && el('em', {}, hop.outcome),
      el('span', {}, hop.summary),
    ),
  );
}

export function showEvents() {
  let isPaused = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const text = el('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter events' });
  const outcome = el(
    'select',
    { 'aria-label': 'Outcome' },
    el('option', { value: '' }, 'All outcomes'),
    el('option', { value: 'problems' }, 'Problems'),
    ...['ok', 'filtered', 'duplicate', 'denied', 'throttled', 'failed', 'dead-lettered'].map((name) =>
      el('option', {}, name),
    ),
  );
  const stop = el('button', { type: 'button', 'aria-pressed': 'false' }, 'Pause');
  const said = el('p', { class: 'said' });
  const list = el('ol', { class: 'hops wide' });
  byId('events').replaceChildren(el('div', { class: 'toolbar' }, text, outcome, stop, said), list);

  const isWanted = (hop) => {
    const wanted = outcome.value;
    if (wanted === 'problems' ? ['ok', 'filtered'].includes(hop.outcome) : wanted && wanted !== hop.outcome)
      return false;
    const typed = text.value.toLowerCase();
    return (
      !typed ||
      `${hop.service} ${hop.operation} ${hop.summary} ${hop.resource} ${hop.principal ?? ''}`
        .toLowerCase()
        .includes(typed)
    );
  };
  const draw = () => {
    waiting = undefined;
    const found = store.hops.filter(isWanted);
    const all = store.hops.at(-1)?.id ?? 0;
    said.textContent = `${found.length} of the last ${store.hops.length}${all > store.hops.length ? ` (${all} in all)` : ''}${found.length > rowLimit ? `, newest ${rowLimit} shown` : ''}`;
    const rows = found.slice(-rowLimit).toReversed().map(hopRow);
    list.replaceChildren(
      ...(rows.length > 0
        ? rows
        : [el('li', {}, empty(store.hops.length > 0 ? 'No event fits the filter' : 'Nothing has happened yet'))]),
    );
  };
  const drawSoon = () => {
    if (!isPaused && !byId('events').hidden) waiting ??= setTimeout(draw, pause);
  };
  text.addEventListener('input', draw);
  outcome.addEventListener('change', draw);
  stop.addEventListener('click', () => {
    isPaused = !isPaused;
    stop.setAttribute('aria-pressed', String(isPaused));
    stop.textContent = isPaused ? 'Go on' : 'Pause';
    drawSoon();
  });
  on('hops', drawSoon);
  return draw;
}

/** Who acted, in short, for a person. */
export const actor = (hop) => (hop.principal ? shortArn(hop.principal) || hop.principal : '');
