import type { Page } from 'playwright-core';
import { consumed } from '../../conformance/orders';
import { describeInBrowser, opened, phone } from './open-page';
import { nodeId } from './system';

describeInBrowser('a replay from the page, in Chromium', () => {
  const it = opened();

  const order = async (key: string) =>
    fetch(`${it.system.local.apis[0]!.url}/createId`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
      body: '{"Status":"CREATED"}',
    });
  const node = (page: Page, begin: string) => page.locator(`[data-node="${nodeId(it.system.local, begin)}"]`);

  test('with the keyboard alone: all that is kept, to one rule, and its journey', async () => {
    const { page, system } = it;
    await order('one');
    await system.local.timeline.waitFor(consumed('order-statistics'));
    await system.local.timeline.waitFor(consumed('order-confirmation'));
    await node(page, 'aws_cloudwatch_event_archive.').focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('From, in UTC').focus();
    const press = async (key: string, until: string) => {
      for (let count = 0; count < 40; count++) {
        await page.keyboard.press(key);
        if ((await page.locator(`${until}:focus`).count()) > 0) return;
      }
      throw new Error(`${key} does not lead to ${until}`);
    };
    await press('Tab', `.replay input[value="${nodeId(system.local, 'aws_cloudwatch_event_rule.order-created')}"]`);
    await page.keyboard.press('Space');
    await press('Tab', '.replay button.primary');
    const started = page.waitForResponse(/api\/replay$/);
    await page.keyboard.press('Enter');
    await page.getByText('Replaying').waitFor();
    await system.local.timeline.waitFor(({ operation }) => operation === 'replay-end');
    await started;
    await page.locator('.replay', { hasText: 'completed: 1 event of outbox-dev-events replayed' }).waitFor();
    await system.local.timeline.waitFor(
      (hop) => consumed('order-statistics')(hop) || consumed('order-confirmation')(hop),
      { count: 4 },
    );
    await page.getByRole('button', { name: 'See its journey' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.verdicts li', { hasText: 'Replayed: OrderDetailsChanged from order.event' }).waitFor();
    expect(await page.locator('.verdicts').innerText()).toMatch(/^Nothing is lost/);
  });

  test("at the bus too, in a range, on a phone's width", async () => {
    const { system } = it;
    const page = await it.open(phone);
    await order('one');
    await system.local.timeline.waitFor(consumed('order-statistics'));
    await node(page, 'aws_cloudwatch_event_bus.').click();
    await page.getByLabel('From, in UTC').fill('2026-01-02T00:00:00');
    await page.getByLabel('To, in UTC').fill('2026-01-01T00:00:00');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width);
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByText('EventStartTime must be before EventEndTime').waitFor();
    it.forgive('status of 400');
    await page.getByLabel('To, in UTC').fill('2026-01-03T00:00:00');
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByText('Replaying').waitFor();
    await system.local.timeline.waitFor(({ operation }) => operation === 'replay-end');
    await page.locator('.replay', { hasText: 'completed: 0 events of outbox-dev-events replayed' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width);
  });
});
