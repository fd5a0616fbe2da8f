import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { startConsole } from '../../../local/console/server';
import { consumed, dev } from '../../conformance/orders';
import { describeInBrowser, opened, phone } from './open-page';
import { nodeId, type System } from './system';

describeInBrowser('the page, in Chromium', () => {
  const it = opened();
  const { show } = it;
  let system: System;
  let page: Page;
  beforeEach(() => {
    ({ system, page } = it);
  });

  /** A server of another origin. */
  const foreign = createServer((_, response) => response.end('<!doctype html><title>other</title>'));
  afterAll(() => foreign.close());

  const node = (begin: string) => page.locator(`[data-node="${nodeId(system.local, begin)}"]`);
  const said = async (selector: string) => page.locator(selector).allInnerTexts();

  /** Sends an order from the form, and lets time pass until both consumers are done with it. */
  async function sendOrder(): Promise<void> {
    await show('Send');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.answers button').first().waitFor();
  }

  test('an order sent from the form is seen to arrive at both effects', async () => {
    await sendOrder();
    expect(await said('.answers code')).toEqual([expect.stringContaining('Your order has been processed')]);
    const queues = ['order-confirmation', 'order-statistics'];
    for (const queue of queues) await system.local.timeline.waitFor(consumed(queue));
    await show('Map');
    for (const table of ['aws_dynamodb_table.confirmations', 'aws_dynamodb_table.statistics']) {
      await node(table).locator('.count', { hasText: /^1$/ }).waitFor();
    }
    await show('Send');
    await page.locator('.answers button').click();
    await page.locator('.verdicts .good').waitFor();
    const hops = (await said('.waterfall .what')).join('\n');
    for (const table of ['order-confirmations', 'order-statistics']) {
      expect(hops).toContain(`dynamodb TransactWriteItems ${dev(table)}`);
    }
  });

  test('a journey tells who acted, what allowed it, and the payload on demand', async () => {
    await sendOrder();
    await system.local.timeline.waitFor(consumed('order-statistics'));
    const { id } = JSON.parse(/\{.*\}/.exec((await said('.answers code'))[0]!)![0]) as { id: string };
    await page.keyboard.press('Escape');
    await page.locator('#search input').fill(id);
    await page.keyboard.press('Enter');
    const put = page.locator('.waterfall li', { hasText: 'events PutEvents' });
    await put.locator('.line').click();
    await put.locator('pre', { hasText: `"${id}"` }).waitFor();
    expect(await put.innerText()).toContain('statement PutEvents of role/outbox-dev-orders-pipe: permissions');
    await page.locator('#search input').fill('there is no such id');
    await page.keyboard.press('Enter');
    await page.getByText('No journey with “there is no such id”').waitFor();
  });

  test('a fault set on the page makes a dead letter, and the redrive button clears it', async () => {
    await node('aws_lambda_function.order-confirmation').click();
    await page.getByRole('button', { name: 'Set a fault' }).click();
    await page.getByLabel('Which call').selectOption({ label: 'dynamodb TransactWriteItems by order-confirmation' });
    await page.getByLabel('What happens').selectOption('deny');
    await page.getByLabel('How often').fill('1000');
    await page.getByRole('button', { name: 'Set the fault' }).click();
    await page.getByText('at TransactWriteItems by role/outbox-dev-order-confirmation, 1000 more').waitFor();
    await sendOrder();
    const [dead] = await system.local.timeline.waitFor((hop) => hop.outcome === 'dead-lettered');
    await page.locator('.answers button').click();
    await page.locator('.verdicts .bad', { hasText: 'Dead-lettered' }).waitFor();
    await show('Faults');
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.getByText('No fault is set').waitFor();
    await show('Map');
    const queue = node('aws_sqs_queue.confirmation-queue_dead-letters');
    await queue.locator('.count', { hasText: '1 waiting' }).waitFor();
    await queue.click();
    await page.getByRole('button', { name: 'Redrive', exact: true }).click();
    await system.local.timeline.waitFor((hop) => consumed('order-confirmation')(hop) && hop.id > dead!.id);
    await system.local.timeline.waitFor(({ id, operation }) => operation === 'move' && id > dead!.id);
    await page.getByText('The redrive completed: 1 messages moved out of outbox-dev-order-confirmation-dlq').waitFor();
    await page.locator('#redrive:disabled').waitFor();
    expect(await queue.locator('.count').textContent()).not.toContain('waiting');
    await show('Send');
    await page.locator('.answers button').click();
    await page.locator('.verdicts', { hasText: 'Moved on after it was dead-lettered' }).waitFor();
  });

  test('a denied call shows the statement that would have allowed it', async () => {
    system.local.runtime.iam.putRolePolicy('arn:aws:iam::000000000000:role/outbox-dev-order-api', 'permissions', {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' },
    });
    await show('Denied');
    await page.getByText('Nothing was denied').waitFor();
    await sendOrder();
    await show('Denied');
    const card = page.locator('.denials li').first();
    expect(JSON.parse(await card.locator('pre').innerText())).toEqual({
      Effect: 'Allow',
      Action: 'dynamodb:PutItem',
      Resource: expect.stringMatching(/table\/outbox-dev-orders$/),
    });
    await page.locator('#denied-count:visible').waitFor();
  });

  test('5,000 events: the page keeps the last ones and draws a bounded part of them', async () => {
    await show('Events');
    const { timeline } = system.local.runtime;
    for (let count = 1; count <= 7000; count++) {
      timeline.record({ service: 'sqs', operation: 'SendMessage', resource: 'arn:x', summary: `number ${count}.` });
    }
    await page.getByText('number 7000.').waitFor();
    await page.getByText('5000 of the last 5000').waitFor();
    expect(await page.locator('#events li').count()).toBe(200);
    await page.getByLabel('Filter events').fill('number 4321.');
    await page.getByText('1 of the last 5000').waitFor();
    await show('Map');
    expect(await page.locator('#side li').count()).toBe(40);
    expect(await page.locator('body *').count()).toBeLessThan(3000);
  });

  test('what an event holds is text, wherever it is shown', async () => {
    const hostile = '<img src=x onerror="window.hacked=1">';
    await show('Send');
    await page.getByLabel('What to send').selectOption({ label: 'Put into messages (notifications)' });
    await page.getByLabel('Body').fill(JSON.stringify({ id: { S: hostile }, message: { S: hostile } }));
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.answers button').first().waitFor();
    system.local.runtime.timeline.record({
      service: hostile,
      operation: hostile,
      resource: hostile,
      principal: hostile,
      outcome: 'denied',
      summary: hostile,
      data: { [hostile]: hostile },
    });
    for (const view of ['Events', 'Denied', 'Map']) {
      await show(view);
      await page.locator('main', { hasText: hostile }).waitFor();
    }
    await page.locator('#search input').fill('onerror');
    await page.keyboard.press('Enter');
    await page.locator('#journey .hop', { hasText: hostile }).first().click();
    await page.locator('.waterfall .line').first().click();
    await page.locator('.waterfall pre', { hasText: 'onerror' }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  });

  test('another origin can neither read nor change anything, under any name', async () => {
    await new Promise<void>((done) => foreign.listen(0, '127.0.0.1', done));
    const context = await page.context().browser()!.newContext();
    const other = await context.newPage();
    await other.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}`);
    const fault = {
      node: nodeId(system.local, 'aws_cloudwatch_event_bus.'),
      direction: 'to',
      service: 'events',
      operation: 'PutEvents',
    };
    const tried = await other.evaluate(
      async ([url, body]) => {
        const post = { method: 'POST', body };
        const kinds = [
          fetch(`${url}/api/system`),
          fetch(`${url}/api/fault`, {
            ...post,
            headers: { 'Content-Type': 'application/json', 'X-Console-Token': 'x' },
          }),
          fetch(`${url}/api/fault`, { ...post, mode: 'no-cors' }),
        ];
        return (await Promise.allSettled(kinds)).map(({ status }) => (status === 'fulfilled' ? 'answered' : 'refused'));
      },
      [system.page.url, JSON.stringify({ ...fault, effect: 'throttle', times: 1, probability: 1 })] as const,
    );
    expect(tried).toEqual(['refused', 'refused', 'refused']);
    expect(system.local.faults.all).toEqual([]);
    const rebound = await other.goto(system.page.url.replace('127.0.0.1', 'evil.test'));
    expect(rebound!.status()).toBe(403);
  });

  test('it tells that the runtime is gone, and is there again with it', async () => {
    await system.page.close();
    await page.locator('#connection.lost').waitFor();
    const again = await startConsole(system.local, Number(new URL(system.page.url).port));
    await page.locator('#connection.live').waitFor();
    await sendOrder();
    expect(await said('.answers code')).toHaveLength(1);
    it.forgive('ERR_');
    await page.close();
    await again.close();
  });

  test('it works with the keyboard', async () => {
    for (const [key, view] of ['map', 'events', 'journey', 'send', 'faults', 'denied'].entries()) {
      await page.keyboard.press(String(key + 1));
      await page.locator(`#${view}:visible`).waitFor();
    }
    await page.getByRole('tab', { name: 'Denied' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('#map:visible').waitFor();
    await node('aws_dynamodb_table.orders').focus();
    await page.keyboard.press('Enter');
    await page.locator('#side h2', { hasText: 'orders' }).waitFor();
    await page.keyboard.press('/');
    expect(await page.locator(':focus').getAttribute('type')).toBe('search');
  });

  test('what is about to be pressed stays where it is while events come', async () => {
    const bus = nodeId(system.local, 'aws_cloudwatch_event_bus.');
    await node('aws_cloudwatch_event_bus.').click();
    await page.getByRole('button', { name: 'Set a fault' }).focus();
    const { arn } = system.local.resources.find(({ address }) => address === bus)!.attributes;
    const hop = { service: 'events', operation: 'PutEvents', resource: String(arn), outcome: 'failed' } as const;
    for (let count = 0; count < 3; count++)
      system.local.runtime.timeline.record({ ...hop, summary: `number ${count}` });
    await page.locator('#side .hops', { hasText: 'number 2' }).waitFor();
    await page.getByText('3, 3 with errors').waitFor();
    expect(await page.locator(':focus').textContent()).toBe('Set a fault');
  });

  test("it fits a phone's width", async () => {
    const narrow = await it.open(phone);
    for (const key of ['1', '2', '3', '4', '5', '6']) {
      await narrow.keyboard.press(key);
      const width = await narrow.evaluate('document.documentElement.scrollWidth');
      expect([key, width]).toEqual([key, phone.width]);
    }
  });
});
