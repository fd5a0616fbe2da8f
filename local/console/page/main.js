import { read } from './api.js';
import { showDenied } from './denied.js';
import { byId, el } from './dom.js';
import { showEvents } from './events.js';
import { showFaults } from './faults.js';
import { findJourneys, showJourney } from './journey.js';
import { showMap } from './map.js';
import { showSend } from './send.js';
import { connect, isAnew, on, refreshSoon, store } from './store.js';
import { showTime } from './time.js';
import { attempt, names, notice, register, show, tabs, tell } from './views.js';

function listenToKeys(event) {
  const isTyping = /^(?:INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.closest('dialog');
  if (event.key === 'Escape') {
    notice(undefined);
    event.target.blur?.();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
  if (event.key === '/') {
    event.preventDefault();
    byId('search').elements.text.focus();
  }
  const number = Number(event.key);
  if (number >= 1 && number <= names.length) show(names[number - 1]);
  const place = tabs.indexOf(event.target);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (place >= 0 && step) {
    const next = tabs[(place + step + tabs.length) % tabs.length];
    show(next.dataset.view);
    next.focus();
  }
}

const words = { live: 'Live', lost: 'Disconnected', connecting: 'Connecting' };

async function start() {
  on('connection', (state) => {
    byId('connection').className = state;
    byId('connection').textContent = words[state];
  });
  store.system = await read('system');
  document.title = `Console ${store.system.endpoint.replace('http://', '')}`;
  register('map', showMap());
  register('events', showEvents());
  register('journey', showJourney());
  register('send', showSend());
  register('faults', showFaults());
  register('denied', showDenied());
  showTime();
  on('status', ({ time, faults, denied }) => {
    byId('clock').textContent = `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    for (const [id, count] of Object.entries({ 'fault-count': faults.length, 'denied-count': denied })) {
      byId(id).hidden = count === 0;
      byId(id).textContent = String(count);
    }
  });
  for (const tab of tabs) tab.addEventListener('click', () => show(tab.dataset.view));
  document.addEventListener('keydown', listenToKeys);
  byId('search').addEventListener('submit', (event) => {
    event.preventDefault();
    const text = new FormData(byId('search')).get('text');
    show('journey');
    void attempt(() => findJourneys(text));
  });
  connect();
  refreshSoon();
  const [view, argument] = location.hash.slice(1).split('=');
  show(names.includes(view) ? view : 'map', argument ? decodeURIComponent(argument) : undefined);
  if (isAnew()) tell('The runtime has begun anew: everything is as after the start');
}

start().catch((error) => {
  notice(error);
  byId('side').replaceChildren(el('button', { onclick: () => location.reload() }, 'Load again'));
});
