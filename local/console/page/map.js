import { act } from './api.js';
import { byId, el, empty, refill } from './dom.js';
import { hopRow } from './events.js';
import { replayForm } from './replay.js';
import { attempt, show, tell } from './views.js';
import { nodeOf, on, refreshSoon, store } from './store.js';

const svgSpace = 'http://www.w3.org/2000/svg';
/** Dots that travel at the same time, at most: more say no more. */
const dotLimit = 40;

/** Milliseconds between two drawings of the panel, when much happens. */
const pause = 150;

const nodes = new Map();
const edges = new Map();
/** @type {string | undefined} */
let selected;
let dots = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

/** Makes the drawing live. */
export function showMap() {
  const svg = /** @type {SVGSVGElement} */ (document.querySelector('#map svg'));
  for (const group of svg.querySelectorAll('[data-node]')) prepare(group);
  for (const edge of svg.querySelectorAll('[data-from]')) {
    edges.set(`${edge.getAttribute('data-from')} ${edge.getAttribute('data-to')}`, edge);
  }
  zoomable(svg);
  on('hops', (came) => {
    for (const hop of came.slice(-dotLimit)) move(svg, hop);
    waiting ??= setTimeout(drawSide, pause);
  });
  on('status', () => {
    for (const [id, parts] of nodes) drawStatus(id, parts);
    drawSide();
  });
  return drawSide;
}

function prepare(group) {
  const id = group.getAttribute('data-node');
  const node = nodeOf(id);
  const rect = group.querySelector('rect');
  const count = document.createElementNS(svgSpace, 'text');
  count.setAttribute('class', 'count');
  count.setAttribute('text-anchor', 'end');
  count.setAttribute('x', String(Number(rect.getAttribute('x')) + Number(rect.getAttribute('width')) - 8));
  count.setAttribute('y', group.querySelector('.word').getAttribute('y'));
  group.append(count);
  group.setAttribute('tabindex', '0');
  group.setAttribute('role', 'button');
  group.setAttribute('aria-label', `${node.word} ${node.label} of ${node.stack}`);
  group.addEventListener('click', () => select(id));
  group.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    select(id);
  });
  nodes.set(id, { group, count });
}

export function select(id) {
  if (selected) nodes.get(selected).group.classList.remove('selected');
  selected = id;
  nodes.get(id)?.group.classList.add('selected');
  drawSide();
}

/** The alarms of a node that are in ALARM. */
const ringing = (status) => Object.entries(status?.alarms ?? {}).filter(([, state]) => state === 'ALARM');

function drawStatus(id, { group, count }) {
  const status = store.status.nodes[id];
  if (!status) return;
  const { hops, depth, errors } = status;
  const hasFault = store.status.faults.some(({ fault }) => isOn(fault, nodeOf(id)));
  count.textContent = `${hasFault ? '⚡' : ''}${depth ? `${depth} waiting` : errors ? `${errors} ✗ / ${hops}` : hops || ''}`;
  group.classList.toggle('bad', ringing(status).length > 0 || (nodeOf(id).word === 'DLQ' && depth > 0));
  group.classList.toggle('errors', errors > 0 && !depth);
}

const isOn = ({ resource, principal }, node) => resource === node.arn || (principal && principal === node.role);

/** A dot along the edge, and a flash where it arrives. */
function move(svg, { from, node, outcome }) {
  const target = nodes.get(node)?.group;
  if (!target || byId('map').hidden) return;
  const color = ['ok', 'filtered'].includes(outcome) ? 'moves' : 'fails';
  target.classList.remove('moves', 'fails');
  target.classList.add(color);
  setTimeout(() => target.classList.remove(color), 900);
  const edge = edges.get(`${from} ${node}`);
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (!edge || isStill || dots >= dotLimit) return;
  const dot = document.createElementNS(svgSpace, 'circle');
  dot.setAttribute('r', '5');
  dot.setAttribute('class', `dot ${color}`);
  dot.style.offsetPath = `path("${edge.getAttribute('d')}")`;
  svg.append(dot);
  dots++;
  const travel = dot.animate({ offsetDistance: ['0%', '100%'] }, { duration: 700, easing: 'ease-in-out' });
  travel.addEventListener('finish', () => {
    dot.remove();
    dots--;
  });
}

function zoomable(svg) {
  const width = svg.viewBox.baseVal.width;
  const scroll = /** @type {HTMLElement} */ (document.querySelector('#map .scroll'));
  const fit = () => Math.max(0.66, Math.min(1.4, (scroll.clientWidth - 4) / width));
  /** @type {number | undefined} */
  let chosen;
  const draw = () => {
    const scale = chosen ?? fit();
    svg.setAttribute('width', String(Math.round(width * scale)));
    svg.setAttribute('height', String(Math.round(svg.viewBox.baseVal.height * scale)));
  };
  new ResizeObserver(draw).observe(scroll);
  for (const button of document.querySelectorAll('[data-zoom]')) {
    button.addEventListener('click', () => {
      const step = { in: 1.25, out: 0.8 }[button.getAttribute('data-zoom') ?? ''];
      chosen = step && Math.max(0.2, Math.min(4, (chosen ?? fit()) * step));
      draw();
    });
  }
}

/** Parts of the panel at the side: each is drawn again when what it shows has changed. */
const title = el('div');
const facts = el('dl');
const actions = el('div', { class: 'actions' });
const replay = el('div');
const alarms = el('div');
const heading = el('h3', {}, 'Last hops');
const list = el('ol', { class: 'hops' });

function drawSide() {
  waiting = undefined;
  if (byId('map').hidden) return;
  const node = selected && nodeOf(selected);
  refill(byId('side'), selected ?? '', () =>
    node ? [title, facts, actions, replay, alarms, heading, list] : [title, list],
  );
  refill(title, selected ?? '', () => (node ? nodeTitle(node) : [el('h2', {}, 'Live')]));
  if (node) drawNode(node, store.status.nodes[node.id] ?? {});
  // Whoever is about to choose a row does not want it to move away.
  if (list.matches(':hover, :focus-within') && list.dataset.of === (selected ?? '')) return;
  list.dataset.of = selected ?? '';
  const last = (node ? store.hops.filter((hop) => hop.node === selected) : store.hops)
    .slice(node ? -20 : -40)
    .toReversed();
  const rows = () => (last.length > 0 ? last.map(hopRow) : [el('li', {}, nothing(node))]);
  refill(list, [selected, last.map(({ id }) => id)], rows);
}

const nothing = (node) =>
  node
    ? empty('None yet')
    : empty('Nothing has happened yet. ', el('button', { onclick: () => show('send') }, 'Send something'));

const nodeTitle = ({ label, word }) => [
  el(
    'div',
    { class: 'title' },
    el('h2', {}, label),
    el('span', { class: 'kind' }, word),
    el('button', { class: 'close', 'aria-label': 'Close', onclick: () => select(undefined) }, '×'),
  ),
];

function drawNode(node, status) {
  const shown = [
    ['Stack', node.stack],
    ['ARN', node.arn],
    node.role && ['Acts as', node.role],
    ['Hops', `${status.hops ?? 0}, ${status.errors ?? 0} with errors`],
    status.depth !== undefined && ['Messages', status.depth],
    status.age ? ['Oldest', `${Math.round(status.age)} s`] : false,
  ].filter(Boolean);
  refill(facts, shown, () => shown.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
  refill(actions, [node.id, Boolean(status.depth)], () => nodeActions(node, status));
  refill(replay, node.id, () => (node.canReplay ? [replayForm(node)] : []));
  refill(alarms, [node.id, status.alarms], () =>
    node.alarms.map(({ name, description }) => {
      const state = status.alarms?.[name] ?? 'INSUFFICIENT_DATA';
      const word = el('b', {}, state.replace('_', ' ').toLowerCase());
      return el('p', { class: `alarm ${state}` }, word, ` ${name}: ${description}`);
    }),
  );
}

function nodeActions(node, { depth }) {
  const run = (name) => async () => {
    const answer = await attempt(() => act(name, { node: node.id }));
    if (answer) tell(answer.text);
    refreshSoon();
  };
  return [
    store.system.samples.some((sample) => sample.node === node.id) &&
      el('button', { onclick: () => show('send', node.id) }, 'Send'),
    node.faults.length > 0 && el('button', { onclick: () => show('faults', node.id) }, 'Set a fault'),
    node.canRedrive &&
      el('button', { id: 'redrive', disabled: depth ? false : '', onclick: run('redrive') }, 'Redrive'),
    node.type === 'aws_scheduler_schedule' && el('button', { onclick: run('schedule') }, 'Run now'),
  ].filter(Boolean);
}
