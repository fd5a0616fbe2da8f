import { ExecutionAlreadyExists } from '@aws-sdk/client-sfn';
import { deliveryStarter, executionName } from '../../lambdas/notifications/delivery-starter';

function starterWith(answer?: Error) {
  const sent: object[] = [];
  const client = {
    async send({ input }: { input: object }) {
      sent.push(input);
      if (answer) throw answer;
    },
  };
  return { sent, start: deliveryStarter({ client: client as never, stateMachineArn: 'arn:machine' }) };
}

test('an execution gets id and number, never the message, and is named after both', async () => {
  const { sent, start } = starterWith();
  expect(await start({ id: '1', delivery: 2 })).toBe('started');
  const name = executionName({ id: '1', delivery: 2 });
  expect(sent).toEqual([{ stateMachineArn: 'arn:machine', name, input: '{"id":"1","delivery":2}' }]);
});

test('names fit Step Functions, whatever the id, and differ by id and number', () => {
  const deliveries = ['1', '2', 'x'.repeat(2048), 'ä/<>"*\u0000'].flatMap((id) =>
    [1, 2, 999_999].map((delivery) => ({ id, delivery })),
  );
  const names = deliveries.map(executionName);
  // StartExecution, API reference: 80 characters at most.
  for (const name of names) expect(name).toMatch(/^[\w-]{1,80}$/);
  expect(new Set(names).size).toBe(names.length);
  expect(deliveries.map(executionName)).toEqual(names);
});

test('a message that is put again after it was deleted is another one', async () => {
  const names = [{}, { insert: '100' }, { insert: '200' }].map((insert) =>
    executionName({ id: '1', delivery: 1, ...insert }),
  );
  expect(new Set(names).size).toBe(3);
  const { sent, start } = starterWith();
  await start({ id: '1', delivery: 1, insert: '100' });
  expect(sent).toEqual([expect.objectContaining({ name: names[1], input: '{"id":"1","delivery":1}' })]);
});

test('an execution that exists is a success', async () => {
  const { start } = starterWith(new ExecutionAlreadyExists({ $metadata: {}, message: 'exists' }));
  expect(await start({ id: '1', delivery: 1 })).toBe('duplicate');
});

test('any other failure is passed on', async () => {
  const failure = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
  await expect(starterWith(failure).start({ id: '1', delivery: 1 })).rejects.toBe(failure);
});
