import { read } from './api.js';
import { byId, copyButton, el, empty, timeOf } from './dom.js';
import { attempt, show } from './views.js';
import { on } from './store.js';

export function showDenied() {
  const section = byId('denied');
  let known = -1;
  const load = async () => {
    const denials = await attempt(() => read('denied'));
    if (!denials) return;
    section.replaceChildren(
      el('h2', {}, 'Denied by IAM'),
      denials.length === 0 ? empty('Nothing was denied') : el('ol', { class: 'denials' }, ...denials.map(card)),
    );
  };
  on('status', ({ denied }) => {
    if (section.hidden || denied === known) return;
    known = denied;
    void load();
  });
  return load;
}

function card({ id, time, principal, action, resource, reason, count, remedy, statement }) {
  const text = statement && JSON.stringify(statement, undefined, 2);
  const facts = [
    ['Who', principal],
    ['On', resource],
    ['Why', reason],
    ['When', `${timeOf(time)} UTC${count > 1 ? `, ${count} times` : ''}`],
  ];
  return el(
    'li',
    { class: 'card' },
    el('h3', {}, action),
    el('dl', {}, ...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])),
    el('div', { class: 'with-copy' }, el('p', {}, remedy), text && copyButton(() => text)),
    text && el('pre', { tabindex: '0' }, text),
    el('button', { type: 'button', onclick: () => show('journey', id) }, 'See its journey'),
  );
}
