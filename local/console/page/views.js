import { ConsoleError } from './api.js';
import { byId } from './dom.js';

/** @type {any[]} */
export const tabs = [...document.querySelectorAll('[role=tab]')];

/** @type {string[]} names of the views, in the order of the tabs */
export const names = tabs.map((tab) => tab.dataset.view);

/** What each view does when it is shown. */
const shown = {};

/** Says what a view does when it is shown. */
export const register = (name, work) => (shown[name] = work);

/**
 * Shows a view.
 *
 * @param {string} name
 * @param {string | number} [argument] for the view alone: a hop for the journey, a node for send and faults
 */
export function show(name, argument) {
  for (const tab of tabs) {
    const isShown = tab.dataset.view === name;
    tab.setAttribute('aria-selected', String(isShown));
    tab.tabIndex = isShown ? 0 : -1;
    byId(tab.dataset.view).hidden = !isShown;
  }
  history.replaceState(undefined, '', `#${name}${argument === undefined ? '' : `=${encodeURIComponent(argument)}`}`);
  shown[name]?.(argument);
}

/** Tells what went wrong, until the next action; undefined takes it away. */
export function notice(error) {
  byId('notice').classList.remove('told');
  byId('notice').hidden = !error;
  byId('notice').textContent = error
    ? error instanceof ConsoleError
      ? error.message
      : `The page failed: ${error}`
    : '';
}

/** Tells what came of an action, until the next one. */
export function tell(text) {
  byId('notice').classList.add('told');
  byId('notice').hidden = false;
  byId('notice').textContent = text;
}

/** Runs work and tells what goes wrong. */
export async function attempt(work) {
  try {
    notice(undefined);
    return await work();
  } catch (error) {
    notice(error);
    return undefined;
  }
}
