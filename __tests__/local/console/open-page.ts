import type { Browser, Page } from 'playwright-core';
import { installedBrowser, launch } from './browser';
import { startSystem, type System } from './system';

/** A system with a page of it in the browser, new for each test. */
export interface Opened {
  readonly system: System;
  readonly page: Page;
  show(view: string): Promise<void>;
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
  beforeEach(async () => {
    complaints = [];
    system = await startSystem();
    page = await (await browser.newContext({ viewport })).newPage();
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(system.page.url);
    await page.locator('#connection.live').waitFor();
  });
  afterEach(async () => {
    await page.context().close();
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
    show: async (view) => page.getByRole('tab', { name: view }).click(),
  };
}
