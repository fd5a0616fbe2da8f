import { consumed } from '../../conformance/orders';
import { describeInBrowser, opened, phone } from './open-page';
import { nodeId } from './system';

const minute = 60_000;

describeInBrowser('the clock, in Chromium', () => {
  const it = opened();
  const menu = () => it.page.locator('#time');

  test('time is advanced from the menu at the clock, and what is due happens', async () => {
    const { page, system } = it;
    const before = system.clock.now();
    await it.show('Send');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.answers button').waitFor();
    await page.locator('#clock').click();
    await menu().getByRole('button', { name: '1 min' }).click();
    await page.locator('#advanced', { hasText: /^Time went on by 1 min: \d+ timers rang$/ }).waitFor();
    expect(system.clock.now() - before).toBe(minute);
    expect(system.local.timeline.hops.filter(consumed('order-statistics'))).toHaveLength(1);
    await page.locator('#clock', { hasText: '2026-01-01 00:01:00 UTC' }).waitFor();
    await menu().getByRole('button', { name: '1 h' }).click();
    await page.locator('#advanced', { hasText: 'Time went on by 1 h' }).waitFor();
    expect(system.clock.now() - before).toBe(61 * minute);
  });

  test('the menu works with the keyboard', async () => {
    const { page, system } = it;
    const before = system.clock.now();
    await menu().locator('summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('1 min');
    await page.keyboard.press('Enter');
    await page.locator('#advanced', { hasText: 'Time went on by 1 min' }).waitFor();
    expect(system.clock.now() - before).toBe(minute);
    await page.keyboard.press('Escape');
    await menu().getByRole('button', { name: '1 min' }).waitFor({ state: 'hidden' });
  });

  test('a reset is asked for twice, and then the page shows the new run', async () => {
    const { page, system } = it;
    const first = system.local;
    await it.show('Send');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.answers button').click();
    await page.locator('.waterfall').waitFor();
    const reset = async (then: string) => {
      await page.locator('#clock').click();
      await menu().getByRole('button', { name: 'Reset' }).click();
      await page.getByRole('dialog').getByRole('button', { name: then, exact: true }).click();
    };
    await reset('Keep everything');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(system.local).toBe(first);
    await reset('Reset');
    await page
      .locator('#notice', { hasText: 'The runtime has begun anew: everything is as after the start' })
      .waitFor();
    expect(system.local).not.toBe(first);
    await page.locator('#map:visible').waitFor();
    const orders = page.locator(`[data-node="${nodeId(system.local, 'aws_dynamodb_table.orders')}"] .count`);
    expect(await orders.textContent()).toBe('');
    await it.show('Send');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.answers li:not(.failed) button').waitFor();
    expect(system.local.timeline.hops.some(({ operation }) => operation === 'PutItem' || operation === 'Invoke')).toBe(
      true,
    );
  });

  test('another page learns of the reset', async () => {
    const other = await it.page.context().newPage();
    await other.goto(it.system.page.url);
    await other.locator('#connection.live').waitFor();
    expect(await it.system.act('reset', {})).toMatchObject({ status: 200 });
    for (const page of [it.page, other])
      await page.locator('#notice', { hasText: 'The runtime has begun anew' }).waitFor();
    await other.close();
  });

  test("the menu and the question fit a phone's width", async () => {
    const { page } = it;
    await page.setViewportSize(phone);
    await page.locator('#clock').click();
    const box = (await menu().locator('.menu').boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(phone.width);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width);
    await menu().getByRole('button', { name: 'Reset' }).click();
    const dialog = (await page.getByRole('dialog').boundingBox())!;
    expect([dialog.x >= 0, dialog.x + dialog.width <= phone.width]).toEqual([true, true]);
  });
});
