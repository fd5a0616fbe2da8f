import type { Browser, Page } from 'playwright-core';
import { installedBrowser, launch } from './browser';
import { startSystem, type System } from './system';

/** A system with a page of it in the browser, new for each test. */
export interface Opened {
  readonly system: System;
  readonly page: Page;
  show(view: string): Promise<void>;
  /** Opens a further page of the system. */
  open(viewport: typeof desktop): Promise<Page>;
  /** Forgets the complaints so far that hold the text: the test has made them. */
  forgive(text: string): void;
}

export const desktop = { width: 1280, height: 720 };
export const phone = { width: 390, height: 844 };

/** `describe` where a browser is installed. */
export const describeInBrowser = installedBrowser ? describe : describe.skip;
if (!installedBrowser) console.warn('skipped: no Chromium is installed here (apt-get install chromium)');

/**
 * Opens a page of a new system before each test; after it fails what the browser complained of: errors of scripts, files
 * missing, breaches of the policy.
 */
export function opened(viewport = desktop): Opened {
  let browser: Browser;
  let system: System;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => browser?.close());
  const open = async (size: typeof desktop) => {
    const another = await (await browser.newContext({ viewport: size })).newPage();
    another.on('pageerror', ({ message }) => complaints.push(message));
    another.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await another.goto(system.page.url);
    await another.locator('#connection.live').waitFor();
    return another;
  };
  beforeEach(async () => {
    complaints = [];
    system = await startSystem();
    page = await open(viewport);
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await system.stop();
    expect(complaints).toEqual([]);
  });
  return {
    get system() {
      return system;
    },
    get page() {
      return page;
    },
    open,
    forgive(text) {
      complaints = complaints.filter((complaint) => !complaint.includes(text));
    },
    show: async (view) => page.getByRole('tab', { name: view }).click(),
  };
}
