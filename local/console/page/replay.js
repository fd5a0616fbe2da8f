import { act } from './api.js';
import { el, fill } from './dom.js';
import { attempt, show } from './views.js';
import { nodeOf, refreshSoon, store } from './store.js';

/** A field for a time in UTC; empty is all that is kept. */
const timeField = (name) => el('input', { name, type: 'datetime-local', step: 1 });

/** The rules that get events of the archive or bus. */
function rulesOf({ id, type }) {
  const { edges } = store.system;
  const isBus = (node) => nodeOf(node).type === 'aws_cloudwatch_event_bus';
  const bus = type === 'aws_cloudwatch_event_bus' ? id : edges.find(({ from, to }) => to === id && isBus(from)).from;
  return edges
    .filter(({ from, to }) => from === bus && nodeOf(to).type === 'aws_cloudwatch_event_rule')
    .map(({ to }) => nodeOf(to));
}

/** A form that replays the archive, or that of the bus. */
export function replayForm(node) {
  const from = timeField('from');
  const to = timeField('to');
  const rules = rulesOf(node).map(({ id, label }) => ({ label, box: el('input', { type: 'checkbox', value: id }) }));
  const button = el('button', { class: 'primary' }, 'Replay');
  const answer = el('p', { class: 'said', 'aria-live': 'polite' });
  const form = el(
    'form',
    { class: 'replay' },
    el('h3', {}, 'Replay'),
    el('label', {}, 'From, in UTC', from),
    el('label', {}, 'To, in UTC', to),
    rules.length > 0 &&
      el(
        'fieldset',
        {},
        el('legend', {}, 'Only to these rules'),
        ...rules.map(({ label, box }) => el('label', { class: 'choice' }, box, label)),
      ),
    el('div', { class: 'actions' }, button, el('span', { class: 'said' }, 'Empty: all that is kept, to all rules')),
    answer,
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    fill(answer, 'Replaying');
    const chosen = rules.filter(({ box }) => box.checked).map(({ box }) => box.value);
    const times = { ...(from.value && { from: `${from.value}Z` }), ...(to.value && { to: `${to.value}Z` }) };
    const came = await attempt(() => act('replay', { node: node.id, rules: chosen, ...times }));
    fill(answer, came?.text, came?.hop && seeButton(came.hop));
    button.disabled = false;
    refreshSoon();
  });
  return form;
}

const seeButton = (hop) => el('button', { type: 'button', onclick: () => show('journey', hop) }, 'See its journey');
