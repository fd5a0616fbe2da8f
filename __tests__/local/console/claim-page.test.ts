import { dev } from '../../conformance/orders';
import { claimIdOf, payloadBucket, submission } from '../../conformance/claim-flows';
import { describeInBrowser, opened } from './open-page';

describeInBrowser('a claim, in Chromium', () => {
  const it = opened();

  test('a large message sent from the form is seen to leave its payload in S3, and its claim to reach the workflow', async () => {
    const { page, system } = it;
    const body = submission('by-hand', 900_000);
    await it.show('Send');
    await page.getByLabel('What to send').selectOption({ label: 'Send to submission (claim-check)' });
    await page.getByLabel('Body').fill(body);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.answers li:not(.failed) button').waitFor();
    await system.local.timeline.waitFor(
      ({ service, summary }) => service === 'states' && summary.endsWith('SUCCEEDED'),
    );
    await page.locator('.answers button').click();
    await page.locator('.verdicts .good', { hasText: 'Nothing is lost' }).waitFor();

    const hop = (text: string) => page.locator('.waterfall > li', { hasText: text }).first();
    const payloadOf = async (text: string) => {
      await hop(text).locator('.line').click();
      return hop(text).locator('pre').innerText();
    };
    const said = (await page.locator('.waterfall .what').allInnerTexts()).join('\n');
    const way = [
      `sqs SendMessage message to ${dev('submission')}`,
      `s3 PutObject`,
      `events PutEvents`,
      `sqs SendMessage message to ${dev('processing')}`,
      `states StartExecution`,
      `dynamodb PutItem ${dev('claim-outcomes')}`,
    ];
    const places = way.map((step) => said.indexOf(step));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(said).toContain(payloadBucket);

    expect(await payloadOf(`message to ${dev('submission')}`)).toContain('ZZZZ');
    const event = await payloadOf('events PutEvents');
    expect(event).toContain(claimIdOf(body));
    expect(event).toContain('"store": "bucket"');
    expect(event).not.toContain('ZZ');
  });
});
