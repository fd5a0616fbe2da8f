import type { Principal } from '../../../local/principal';
import { Runtime } from '../../../local/runtime';
import { seededRandom } from '../../../local/random';
import { simulatedClock } from '../../../local/clock';
import { sts } from '../../../local/services/sts';
import { uniqueId } from '../../../local/iam/unique-id';

function setUp() {
  const runtime = new Runtime({
    clock: simulatedClock(),
    random: seededRandom(1),
    region: 'eu-central-1',
    accountId: '123456789012',
  });
  runtime.register(sts(runtime));
  const ask = (principal: Principal) =>
    runtime.call({ service: 'sts', operation: 'GetCallerIdentity', input: {}, principal });
  return { runtime, ask };
}

test('the person at the terminal is a user', async () => {
  const { runtime, ask } = setUp();
  expect(await ask(runtime.administrator)).toEqual({
    UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:user/developer',
  });
});

test('a function is a session of its role, and needs no permission to know', async () => {
  const { ask } = setUp();
  const roleArn = 'arn:aws:iam::123456789012:role/relay';
  const arn = 'arn:aws:sts::123456789012:assumed-role/relay/orders';
  expect(await ask({ kind: 'role', roleArn, arn })).toEqual({
    UserId: `${uniqueId('AROA', roleArn)}:orders`,
    Account: '123456789012',
    Arn: arn,
  });
});
