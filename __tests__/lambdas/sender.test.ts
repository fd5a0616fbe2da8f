import { type StoredMessage, send } from '../../lambdas/notifications/sender';

const request = { id: '1', execution: 'arn:execution' };
const claimed = { message: 'hello', sendStatus: 'Sending', execution: 'arn:execution' };

function outletWith(stored: StoredMessage | undefined, failure?: Error) {
  const published: string[][] = [];
  const reports: string[] = [];
  return {
    published,
    reports,
    find: async () => stored,
    report: (outcome: string) => void reports.push(outcome),
    async publish(...message: string[]) {
      published.push(message);
      if (failure) throw failure;
      return 'sns-1';
    },
  };
}

test('publishes what the execution has claimed', async () => {
  const outlet = outletWith(claimed);
  expect(await send(request, outlet)).toEqual({ messageId: 'sns-1' });
  expect(outlet).toMatchObject({ published: [['1', 'hello']], reports: ['sent'] });
});

test.each([
  ['that was sent', { ...claimed, sendStatus: 'Successful' }],
  ['that another execution has claimed', { ...claimed, execution: 'arn:other' }],
  ['that waits for its next delivery', { ...claimed, execution: undefined }],
  ['that is gone', undefined],
])('does not publish a message %s, and blames no topic', async (_what, stored) => {
  const outlet = outletWith(stored);
  await expect(send(request, outlet)).rejects.toMatchObject({ name: 'ClaimLost' });
  expect(outlet).toMatchObject({ published: [], reports: [] });
});

test.each([
  ['empty', ''],
  ['no string', 7],
  ['absent', undefined],
  ['one byte too large', 'ä'.repeat((262_144 - 10) / 2) + 'xx'],
])('does not publish a message that is %s, and blames no topic', async (_what, message) => {
  const outlet = outletWith({ ...claimed, message });
  await expect(send(request, outlet)).rejects.toMatchObject({ name: 'UnsendableMessage' });
  expect(outlet).toMatchObject({ published: [], reports: [] });
});

test('publishes the largest message that a topic takes', async () => {
  // The attribute `id` of type `String` with the value `1` counts nine bytes.
  const outlet = outletWith({ ...claimed, message: 'x'.repeat(262_144 - 9) });
  expect(await send(request, outlet)).toEqual({ messageId: 'sns-1' });
});

test('a failure of the topic is reported and passed on under its own name', async () => {
  const failure = Object.assign(new Error('no such topic'), { name: 'NotFoundException' });
  const outlet = outletWith(claimed, failure);
  await expect(send(request, outlet)).rejects.toBe(failure);
  expect(outlet.reports).toEqual(['failed']);
});

test('a failure of the table is not the topic’s', async () => {
  const outlet = { ...outletWith(claimed), find: async () => Promise.reject(new Error('slow down')) };
  await expect(send(request, outlet)).rejects.toThrow('slow down');
  expect(outlet.reports).toEqual([]);
});
