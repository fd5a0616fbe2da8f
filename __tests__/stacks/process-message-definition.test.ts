import aslValidator from 'asl-validator';
import definition from '../../stacks/claim-check/process-message.asl.json';
import { AwsError } from '../../local/aws-error';
import { Harness, type Answer } from '../local/services/states/harness';

const values: Record<string, string> = { partition: 'aws', table: 'outcomes' };
const text = JSON.stringify(definition).replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name]!);
/** The validator writes into what it is given: each gets its own. */
const machine = () => JSON.parse(text) as typeof definition;

test('is valid Amazon States Language, in JSONPath', () => {
  const { isValid, errorsText } = aslValidator(machine());
  expect([isValid, errorsText()]).toEqual([true, '']);
  expect(aslValidator({ ...machine(), StartAt: 'Nowhere' }).isValid).toBe(false);
});

function message<Delivery extends { delivery: string }>(id: string, delivery: Delivery) {
  const location = { store: 'table', name: 'claims', key: `claim-${id}` };
  const claim = { claimId: `claim-${id}`, payloadType: 'invoice', size: 300_000, sha256: 'hash', location };
  return { id, claim: { ...claim, expiresAt: '2026-02-01T00:00:00.000Z' }, ...delivery };
}
const inline = message('1', { delivery: 'inline', payload: { secret: 'hunter2' } });
const reference = message('2', { delivery: 'reference' });

/** What an execution ends with, and the items it has put. */
async function run(input: unknown, answer: Answer = () => ({})) {
  const harness = new Harness();
  harness.answer = answer;
  const { status, error, output } = await harness.run(machine(), input);
  const puts = harness.made.filter(({ operation }) => operation === 'PutItem').map((made) => made.input);
  return { status, error, output, puts };
}

test.each([inline, reference])('the outcome of a message is written once, without its payload', async (input) => {
  const { status, puts } = await run([input]);
  expect(status).toBe('SUCCEEDED');
  expect(puts).toEqual([
    {
      TableName: 'outcomes',
      Item: {
        claimId: { S: input.claim.claimId },
        messageId: { S: input.id },
        payloadType: { S: 'invoice' },
        size: { N: '300000' },
        sha256: { S: 'hash' },
        delivery: { S: input.delivery },
        outcome: { S: 'Processed' },
        execution: { S: expect.stringMatching(/^arn:aws:states:.*:execution:machine:/) },
        processedAt: { S: expect.stringMatching(/^\d{4}-.*Z$/) },
      },
      ConditionExpression: 'attribute_not_exists(claimId)',
    },
  ]);
});

test('each message of a batch has its own', async () => {
  const { status, puts } = await run([inline, reference]);
  expect(status).toBe('SUCCEEDED');
  expect(new Set(puts.map(({ Item }) => Item.claimId.S))).toEqual(new Set(['claim-1', 'claim-2']));
  expect(puts).toHaveLength(2);
});

test('a claim that has an outcome keeps it, and the execution succeeds', async () => {
  const { status, puts } = await run([inline], () => {
    throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400);
  });
  expect([status, puts.length]).toEqual(['SUCCEEDED', 1]);
});

test('a table that is busy is asked again until it takes the outcome', async () => {
  let asked = 0;
  const { status, puts } = await run([inline], () => {
    if (++asked < 6) throw new AwsError('ProvisionedThroughputExceededException', 'slow down', 400);
    return {};
  });
  expect([status, puts.length]).toEqual(['SUCCEEDED', 6]);
});

test('the longest input that a pipe may give is passed through', async () => {
  const bytes = (filler: string) => JSON.stringify([{ ...inline, payload: filler }]).length;
  const { status } = await run([{ ...inline, payload: 'x'.repeat(262_144 - bytes('')) }]);
  expect(status).toBe('SUCCEEDED');
});

test.each([
  ['no claim', { ...inline, claim: undefined }],
  ['a payload that is missing', { ...inline, payload: undefined }],
  ['a way of delivery that is unknown', { ...inline, delivery: 'by hand' }],
  ['a reference to nowhere', { ...reference, claim: { ...reference.claim, location: undefined } }],
])('%s fails the execution, and nothing is written', async (_what, input) => {
  expect(await run([input])).toMatchObject({ status: 'FAILED', error: 'InvalidInput', puts: [] });
});
