import { act } from './api.js';
import { byId, copyButton, el, empty } from './dom.js';
import { notice, show } from './views.js';
import { nodeOf, store } from './store.js';

/** Text in single quotes, for a shell. */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

export function showSend() {
  const { samples } = store.system;
  const section = byId('send');
  if (samples.length === 0) {
    section.replaceChildren(empty('Nothing in the system takes input'));
    return () => undefined;
  }
  const choice = el(
    'select',
    { id: 'sample' },
    ...samples.map((sample) => el('option', { value: sample.id }, `${sample.title} (${nodeOf(sample.node).stack})`)),
  );
  const headers = el('div', { class: 'fields' });
  const body = el('textarea', { id: 'body', rows: 9, spellcheck: 'false' });
  const command = el('pre', { class: 'command', tabindex: '0' });
  const answers = el('ol', { class: 'answers', 'aria-live': 'polite' });
  const button = el('button', { class: 'primary' }, 'Send');
  const chosen = () => samples.find((sample) => sample.id === choice.value);
  const given = () =>
    Object.fromEntries([...headers.querySelectorAll('input')].map((input) => [input.name, input.value]));
  const tell = () => {
    const named = Object.entries(given()).filter(([, value]) => value);
    command.textContent = chosen()
      .command.replace('HEADERS', () => named.map(([name, value]) => ` -H ${quoted(`${name}: ${value}`)}`).join(''))
      .replace('BODY', () => quoted(body.value));
  };
  const fill = () => {
    const sample = chosen();
    headers.replaceChildren(
      ...sample.headers.map((name) => el('label', {}, name, el('input', { name, oninput: tell, autocomplete: 'off' }))),
    );
    // Another id each time, or the second item would only change the first.
    body.value = pretty(sample.body.replaceAll('sample-1', `sample-${Date.now().toString(36)}`));
    tell();
  };
  const form = el(
    'form',
    { class: 'card' },
    el('label', {}, 'What to send', choice),
    headers,
    el('label', {}, 'Body', body),
    el('div', { class: 'actions' }, button),
    el(
      'div',
      { class: 'with-copy' },
      el('h3', {}, 'In a terminal'),
      copyButton(() => command.textContent),
    ),
    command,
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    notice(undefined);
    await act('send', { sample: choice.value, body: body.value, headers: given() }).then(
      ({ text, hop }) =>
        answers.prepend(
          el(
            'li',
            {},
            el('code', {}, text),
            hop && el('button', { type: 'button', onclick: () => show('journey', hop) }, 'See its journey'),
          ),
        ),
      (error) => answers.prepend(el('li', { class: 'failed' }, el('code', {}, error.message))),
    );
    while (answers.children.length > 20) answers.lastElementChild.remove();
    button.disabled = false;
  });
  choice.addEventListener('change', fill);
  body.addEventListener('input', tell);
  section.replaceChildren(form, el('div', { class: 'card' }, el('h3', {}, 'Answers'), answers));
  fill();
  return (node) => {
    const sample = samples.find((one) => one.node === node);
    if (!sample) return;
    choice.value = sample.id;
    fill();
  };
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
