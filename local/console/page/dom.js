/**
 * Makes an element. Text goes in as text nodes only: nothing that an event holds becomes markup.
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `on...` are listeners, `class` and all others attributes; false leaves one out
 * @param {...(Node | string | number | false | null | undefined)} children
 * @returns {any}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, String(value));
  }
  fill(element, ...children);
  return element;
}

/**
 * Puts children into an element, instead of those that it has; false and undefined are left out.
 *
 * @param {Element} element
 * @param {...(Node | string | number | false | null | undefined)} children
 */
export function fill(element, ...children) {
  const present = children.filter((child) => child !== false && child !== null && child !== undefined);
  element.replaceChildren(...present.map((child) => (child instanceof Node ? child : String(child))));
}

/** What elements were last made of. @type {WeakMap<Element, string>} */
const states = new WeakMap();

/**
 * Fills an element again if what it shows has changed: else the focus, and a click under way, would be lost.
 *
 * @param {Element} element
 * @param {unknown} state all that the children depend on
 * @param {() => any[]} children
 */
export function refill(element, state, children) {
  const text = JSON.stringify(state);
  if (states.get(element) === text) return;
  fill(element, ...children());
  states.set(element, text);
}

/**
 * @param {string} id
 * @returns {any}
 */
export const byId = (id) => document.getElementById(id);

/** Time of day in the runtime. */
export const timeOf = (milliseconds) => new Date(milliseconds).toISOString().slice(11, 23);

/** The last part of an ARN: `role/name` of a session is the name of the role. */
export function shortArn(arn) {
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  return role ?? arn.split(':').slice(5).join(':') ?? arn;
}

/** A button that puts text on the clipboard. */
export function copyButton(textOf) {
  const button = el('button', { type: 'button', class: 'copy' }, 'Copy');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(textOf());
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Select and copy by hand';
    }
    setTimeout(() => (button.textContent = 'Copy'), 1500);
  });
  return button;
}

/** A line that says that there is nothing, and what to do. */
export const empty = (...text) => el('p', { class: 'empty' }, ...text);
