import { read } from './api.js';

/** Hops kept in the page. */
const limit = 5000;

/** What the page knows: the views read it, and are told when it changes. */
export const store = {
  /** @type {any} */
  system: undefined,
  /** @type {any} */
  status: { nodes: {}, faults: [], denied: 0 },
  /** @type {any[]} the last hops, oldest first */
  hops: [],
  /** Hops that came while nobody looked, and are not kept. */
  missed: 0,
};

/** @type {Record<string, ((value: any) => void)[]>} */
const listeners = { hops: [], status: [], connection: [] };

/**
 * @param {'hops' | 'status' | 'connection'} what
 * @param {(value: any) => void} listener
 */
export const on = (what, listener) => listeners[what].push(listener);

const tell = (what, value) => {
  for (const listener of listeners[what]) listener(value);
};

export const nodeOf = (id) => store.system.nodes.find((node) => node.id === id);

/** @type {any[]} */
let fresh = [];
let isDrawing = false;

/** Hands over what came since the last frame, in one piece. */
function drawSoon() {
  if (isDrawing) return;
  isDrawing = true;
  // A hidden page has no frames; it is told once a second.
  if (document.hidden) setTimeout(draw, 1000);
  else requestAnimationFrame(draw);
}

function draw() {
  isDrawing = false;
  const came = fresh;
  fresh = [];
  store.hops = [...store.hops, ...came].slice(-limit);
  tell('hops', came);
  refreshSoon();
}

let refresh;
let isStale = false;

/** Asks for the status, at most twice a second. */
export function refreshSoon() {
  isStale = true;
  refresh ??= setTimeout(async () => {
    isStale = false;
    try {
      store.status = await read('status');
      tell('status', store.status);
    } catch {
      tell('connection', 'lost');
    }
    refresh = undefined;
    if (isStale) refreshSoon();
  }, 500);
}

/** Where the next page finds that it shows another run. */
const begun = 'begun anew';

/** Loads the page again, for another run of the runtime: what this one shows is gone. */
function loadAnew() {
  sessionStorage.setItem(begun, 'yes');
  history.replaceState(undefined, '', location.pathname);
  location.reload();
}

/** Whether the page was loaded for another run than the one before; told once. */
export function isAnew() {
  const found = sessionStorage.getItem(begun) !== null;
  sessionStorage.removeItem(begun);
  return found;
}

/** Listens to the runtime; the browser connects again by itself and says what it has. */
export function connect() {
  const source = new EventSource('/api/events');
  source.addEventListener('hello', (event) => {
    if (JSON.parse(event.data).run === store.system.run) tell('connection', 'live');
    else loadAnew();
  });
  source.addEventListener('error', () => tell('connection', 'lost'));
  source.addEventListener('restart', loadAnew);
  source.addEventListener('gap', (event) => (store.missed += JSON.parse(event.data).missed));
  source.addEventListener('hops', (event) => {
    fresh.push(...JSON.parse(event.data));
    if (fresh.length > limit) fresh = fresh.slice(-limit);
    drawSoon();
  });
  setInterval(refreshSoon, 5000);
}
