import { read } from './api.js';
import { byId, el, empty, refill, timeOf } from './dom.js';
import { actor, hopRow } from './events.js';
import { attempt, show } from './views.js';
import { on, store } from './store.js';

/** @type {number | undefined} the hop whose journey is shown */
let current;
/** Ids of the hops that are unfolded. */
let open = new Set();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

export function showJourney() {
  const section = byId('journey');
  section.replaceChildren(empty('Choose an event, or find one by any text in it, such as an id.'));
  on('hops', (came) => {
    if (current === undefined || section.hidden || waiting) return;
    if (!came.some((hop) => hop.parents.length > 0)) return;
    waiting = setTimeout(() => void load(), 400);
  });
  return (id) => {
    const hop = Number(id);
    if (!hop) return latest();
    if (hop !== current) open = new Set();
    current = hop;
    return load();
  };
}

/** Without a choice: the journeys that began last. */
function latest() {
  if (current !== undefined) return load();
  const begun = store.hops
    .filter((hop) => hop.parents.length === 0)
    .slice(-30)
    .toReversed();
  if (begun.length === 0) return undefined;
  byId('journey').replaceChildren(
    el('h2', {}, 'Journeys that began last'),
    el('ol', { class: 'hops wide' }, ...begun.map(hopRow)),
  );
  return undefined;
}

/** Shows where a text was found; a single journey is opened at once. */
export async function findJourneys(text) {
  current = undefined;
  byId('journey').replaceChildren(el('p', { class: 'empty', 'aria-busy': 'true' }, 'Searching'));
  const found = await read('search', { text }).catch((error) => {
    byId('journey').replaceChildren(empty('Nothing was searched'));
    throw error;
  });
  if (found.length === 1) return show('journey', found[0].hop.id);
  byId('journey').replaceChildren(
    el('h2', {}, `${found.length === 0 ? 'No journey' : `${found.length} journeys`} with “${text}”`),
    found.length === 0
      ? empty('The runtime keeps the last hops and payloads only; the search is for the exact text.')
      : el('ol', { class: 'hops wide' }, ...found.map(({ hop }) => hopRow(hop))),
  );
  return undefined;
}

async function load() {
  waiting = undefined;
  const journey = await attempt(() => read('journey', { id: current }));
  if (journey) draw(journey);
}

const frame = el('article');

function draw(journey) {
  const section = byId('journey');
  if (frame.parentNode !== section) section.replaceChildren(frame);
  const focused = document.activeElement?.closest('[data-hop]')?.getAttribute('data-hop');
  refill(frame, [current, journey], () => content(journey));
  if (focused) frame.querySelector(`[data-hop="${focused}"] .line`)?.focus();
}

function content({ hops, verdicts, omitted, others }) {
  const end = Math.max(1, ...hops.map((hop) => hop.at));
  const rows = hops.map((hop) => row(hop, end));
  const companions = others.slice(0, 20).map((id) => el('button', { onclick: () => show('journey', id) }, `#${id}`));
  return [
    el('h2', {}, hops[0].summary),
    el('ul', { class: 'verdicts' }, ...verdicts.map(({ level, text }) => el('li', { class: level }, text))),
    el('ol', { class: 'waterfall', 'aria-label': `${hops.length} hops in ${end} ms` }, ...rows),
    omitted > 0 && empty(`${omitted} more hops are left out`),
    companions.length > 0 && el('p', { class: 'others' }, 'In a batch with: ', ...companions),
  ];
}

function row(hop, end) {
  const bar = el('i', { class: 'bar' });
  bar.style.left = `${((hop.at - hop.took) / end) * 100}%`;
  bar.style.width = `${(Math.max(hop.took, 0) / end) * 100}%`;
  const name = el(
    'span',
    { class: 'what' },
    el('b', {}, `${hop.service} ${hop.operation}`),
    hop.attempt > 1 && el('em', { class: 'attempt' }, `attempt ${hop.attempt}`),
    hop.outcome !== 'ok' && el('em', {}, hop.outcome),
    el('span', {}, ` ${hop.summary}`),
  );
  name.style.paddingLeft = `${Math.min(hop.depth, 14) * 0.7}rem`;
  const details = el('div', { class: 'details' });
  const line = el(
    'button',
    { type: 'button', class: 'line', 'aria-expanded': 'false' },
    el('span', { class: 'at' }, `${hop.at} ms`),
    name,
    el('span', { class: 'who' }, actor(hop)),
    el('span', { class: 'track' }, bar),
  );
  const unfold = () => {
    line.setAttribute('aria-expanded', String(open.has(hop.id)));
    details.replaceChildren();
    if (open.has(hop.id))
      void attempt(async () => details.replaceChildren(...detailsOf(await read('hop', { id: hop.id }))));
  };
  line.addEventListener('click', () => {
    if (!open.delete(hop.id)) open.add(hop.id);
    unfold();
  });
  unfold();
  return el(
    'li',
    { 'data-hop': hop.id, class: `${hop.outcome}${hop.id === current ? ' current' : ''}` },
    line,
    details,
  );
}

function detailsOf(hop) {
  const allowed = (hop.allowedBy ?? []).map(({ policy, statement }) => `statement ${statement} of ${policy}`);
  const facts = [
    ['Time', `${timeOf(hop.time)} UTC, hop ${hop.id}`],
    ['Resource', hop.resource],
    hop.principal && ['Who', hop.principal],
    allowed.length > 0 && ['Allowed by', [...new Set(allowed)].join('; ')],
    ['Summary', hop.summary],
  ].filter(Boolean);
  return [
    el('dl', {}, ...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])),
    hop.data && el('pre', { tabindex: '0' }, JSON.stringify(hop.data, undefined, 2)),
    hop.dropped && empty(`The payload of ${hop.dropped} characters is not kept any more`),
  ].filter(Boolean);
}
