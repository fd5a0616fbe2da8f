import { act } from './api.js';
import { byId, el, empty, refill, shortArn } from './dom.js';
import { attempt } from './views.js';
import { nodeOf, on, refreshSoon, store } from './store.js';

const effects = {
  throttle: 'refuse it: too many requests',
  deny: 'refuse it: no permission',
  failBefore: 'fail before anything is done',
  failAfter: 'do it, then lose the answer',
  kill: 'kill the caller before anything is done',
  killAfter: 'do it, then kill the caller',
  duplicate: 'do it twice',
};

export function showFaults() {
  const usable = store.system.nodes.filter(({ faults }) => faults.length > 0);
  const fields = fieldsFor(usable);
  const { node, call } = fields;
  const list = el('ul', { class: 'faults' });
  const fill = () => call.replaceChildren(...callsOf(nodeOf(node.value)));
  const draw = () => {
    const { faults } = store.status;
    refill(list, faults, () => rowsOf(faults));
  };
  const form = formOf(fields);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    await attempt(() => act('fault', faultOf(fields)));
    refreshSoon();
  });
  node.addEventListener('change', fill);
  byId('faults').replaceChildren(form, el('div', { class: 'card' }, el('h3', {}, 'Set now'), list));
  fill();
  on('status', draw);
  return (id) => {
    if (usable.some((one) => one.id === id)) {
      node.value = id;
      fill();
    }
    draw();
  };
}

function fieldsFor(nodes) {
  const places = nodes.map(({ id, word, label, stack }) => el('option', { value: id }, `${label} (${word}, ${stack})`));
  const ways = Object.entries(effects).map(([name, words]) => el('option', { value: name }, `${name}: ${words}`));
  const number = { type: 'number', min: 1, required: '' };
  return {
    node: el('select', { id: 'fault-node' }, ...places),
    call: el('select', { id: 'fault-call' }),
    effect: el('select', { id: 'fault-effect' }, ...ways),
    times: el('input', { ...number, id: 'fault-times', max: 1_000_000, value: 1 }),
    chance: el('input', { ...number, id: 'fault-chance', max: 100, value: 100 }),
  };
}

const formOf = ({ node, call, effect, times, chance }) =>
  el(
    'form',
    { class: 'card' },
    el('label', {}, 'Where', node),
    el('label', {}, 'Which call', call),
    el('label', {}, 'What happens', effect),
    el('div', { class: 'fields' }, el('label', {}, 'How often', times), el('label', {}, 'Chance in %', chance)),
    el('div', { class: 'actions' }, el('button', { class: 'primary' }, 'Set the fault')),
  );

/** The calls at a node and by it, to choose from by their place in the list. */
const callsOf = ({ faults, label }) =>
  faults.map(({ direction, service, operation }, index) =>
    el(
      'option',
      { value: index },
      direction === 'to' ? `${operation} on ${label}` : `${service} ${operation} by ${label}`,
    ),
  );

/** What the fields say. */
function faultOf({ node, call, effect, times, chance }) {
  const { direction, service, operation } = nodeOf(node.value).faults[call.value];
  const how = { effect: effect.value, times: Number(times.value), probability: Number(chance.value) / 100 };
  return { node: node.value, direction, service, operation, ...how };
}

const rowsOf = (faults) => [
  ...faults.map(({ id, fault, left }) => {
    const words = el('span', {}, ` ${describe(fault)}, ${left} more`);
    return el('li', {}, el('b', {}, fault.effect), words, el('button', { onclick: clear(id) }, 'Clear'));
  }),
  faults.length === 0 ? empty('No fault is set') : el('button', { onclick: clear(undefined) }, 'Clear all'),
];

const clear = (id) => async () => {
  await attempt(() => act('clear', id === undefined ? {} : { id }));
  refreshSoon();
};

function describe({ operation, resource, principal, probability = 1 }) {
  const where = resource ? `on ${shortArn(resource)}` : principal ? `by ${shortArn(principal)}` : 'by anybody';
  return `at ${operation ?? 'any call'} ${where}${probability < 1 ? `, in ${Math.round(probability * 100)} %` : ''}`;
}
