import { act } from './api.js';
import { byId, copyButton, el, empty } from './dom.js';
import { notice, show } from './views.js';
import { nodeOf, store } from './store.js';

/** Text in single quotes, for a shell. */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

export function showSend() {
  const { samples } = store.system;
  if (samples.length === 0) {
    byId('send').replaceChildren(empty('Nothing in the system takes input'));
    return () => undefined;
  }
  const fields = fieldsFor(samples);
  const { choice, headers, body, command } = fields;
  const answers = el('ol', { class: 'answers', 'aria-live': 'polite' });
  const chosen = () => samples.find((sample) => sample.id === choice.value);
  const tell = () => (command.textContent = commandOf(chosen(), given(headers), body.value));
  const fill = () => {
    const sample = chosen();
    headers.replaceChildren(
      ...sample.headers.map((name) => el('label', {}, name, el('input', { name, oninput: tell, autocomplete: 'off' }))),
    );
    // Another id each time, or the second item would only change the first.
    body.value = pretty(sample.body.replaceAll('sample-1', `sample-${Date.now().toString(36)}`));
    tell();
  };
  const form = formOf(fields);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send(fields, answers);
  });
  choice.addEventListener('change', fill);
  body.addEventListener('input', tell);
  byId('send').replaceChildren(form, el('div', { class: 'card' }, el('h3', {}, 'Answers'), answers));
  fill();
  return (node) => {
    const sample = samples.find((one) => one.node === node);
    if (!sample) return;
    choice.value = sample.id;
    fill();
  };
}

function fieldsFor(samples) {
  const titles = samples.map((sample) =>
    el('option', { value: sample.id }, `${sample.title} (${nodeOf(sample.node).stack})`),
  );
  return {
    choice: el('select', { id: 'sample' }, ...titles),
    headers: el('div', { class: 'fields' }),
    body: el('textarea', { id: 'body', rows: 9, spellcheck: 'false' }),
    command: el('pre', { class: 'command', tabindex: '0' }),
    button: el('button', { class: 'primary' }, 'Send'),
  };
}

function formOf({ choice, headers, body, command, button }) {
  const copy = copyButton(() => command.textContent);
  return el(
    'form',
    { class: 'card' },
    el('label', {}, 'What to send', choice),
    headers,
    el('label', {}, 'Body', body),
    el('div', { class: 'actions' }, button),
    el('div', { class: 'with-copy' }, el('h3', {}, 'In a terminal'), copy),
    command,
  );
}

/** What the fields for headers hold, by the names of the headers. */
const given = (headers) =>
  Object.fromEntries([...headers.querySelectorAll('input')].map((input) => [input.name, input.value]));

/** The command that sends the same. */
function commandOf({ command }, headers, body) {
  const named = Object.entries(headers).filter(([, value]) => value);
  return command
    .replace('HEADERS', () => named.map(([name, value]) => ` -H ${quoted(`${name}: ${value}`)}`).join(''))
    .replace('BODY', () => quoted(body));
}

async function send({ choice, headers, body, button }, answers) {
  button.disabled = true;
  notice(undefined);
  const input = { sample: choice.value, body: body.value, headers: given(headers) };
  const answer = await act('send', input).then(answerRow, refusalRow);
  answers.prepend(answer);
  while (answers.children.length > 20) answers.lastElementChild.remove();
  button.disabled = false;
}

const answerRow = ({ text, hop }) =>
  el(
    'li',
    {},
    el('code', {}, text),
    hop && el('button', { type: 'button', onclick: () => show('journey', hop) }, 'See its journey'),
  );

const refusalRow = (error) => el('li', { class: 'failed' }, el('code', {}, error.message));

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
