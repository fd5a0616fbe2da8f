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
  const node = el(
    'select',
    { id: 'fault-node' },
    ...usable.map(({ id, word, label, stack }) => el('option', { value: id }, `${label} (${word}, ${stack})`)),
  );
  const call = el('select', { id: 'fault-call' });
  const effect = el(
    'select',
    { id: 'fault-effect' },
    ...Object.entries(effects).map(([name, words]) => el('option', { value: name }, `${name}: ${words}`)),
  );
  const times = el('input', { id: 'fault-times', type: 'number', min: 1, max: 1_000_000, value: 1, required: '' });
  const chance = el('input', { id: 'fault-chance', type: 'number', min: 1, max: 100, value: 100, required: '' });
  const list = el('ul', { class: 'faults' });
  const fill = () => {
    const { faults, label } = nodeOf(node.value);
    call.replaceChildren(
      ...faults.map((one, index) =>
        el(
          'option',
          { value: index },
          one.direction === 'to' ? `${one.operation} on ${label}` : `${one.service} ${one.operation} by ${label}`,
        ),
      ),
    );
  };
  const draw = () => {
    const { faults } = store.status;
    refill(list, faults, () => [
      ...faults.map(({ id, fault, left }) => {
        const words = el('span', {}, ` ${describe(fault)}, ${left} more`);
        return el('li', {}, el('b', {}, fault.effect), words, el('button', { onclick: clear(id) }, 'Clear'));
      }),
      faults.length === 0 ? empty('No fault is set') : el('button', { onclick: clear(undefined) }, 'Clear all'),
    ]);
  };
  const form = el(
    'form',
    { class: 'card' },
    el('label', {}, 'Where', node),
    el('label', {}, 'Which call', call),
    el('label', {}, 'What happens', effect),
    el('div', { class: 'fields' }, el('label', {}, 'How often', times), el('label', {}, 'Chance in %', chance)),
    el('div', { class: 'actions' }, el('button', { class: 'primary' }, 'Set the fault')),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const { direction, service, operation } = nodeOf(node.value).faults[call.value];
    const how = { effect: effect.value, times: Number(times.value), probability: Number(chance.value) / 100 };
    await attempt(() => act('fault', { node: node.value, direction, service, operation, ...how }));
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

const clear = (id) => async () => {
  await attempt(() => act('clear', id === undefined ? {} : { id }));
  refreshSoon();
};

function describe({ operation, resource, principal, probability = 1 }) {
  const where = resource ? `on ${shortArn(resource)}` : principal ? `by ${shortArn(principal)}` : 'by anybody';
  return `at ${operation ?? 'any call'} ${where}${probability < 1 ? `, in ${Math.round(probability * 100)} %` : ''}`;
}
