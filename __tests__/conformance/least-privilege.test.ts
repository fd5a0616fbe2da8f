import { policies, synthesize } from '../synthesis';
import { observe, type Observation } from './flows';
import { askers, grantsIn } from './grants';
import { startOrders } from './orders';
import { MutableSynthesis, type Mutation, narrowings, widenings } from './policy-mutations';

/** Actions that AWS wants although nothing that a flow can see depends on them, and why. */
const notObservableLocally: Readonly<Record<string, string>> = {
  'xray:PutTelemetryRecords in Trace':
    "Lambda's X-Ray daemon reports on itself with it: AWS managed policy AWSXRayDaemonWriteAccess",
  'xray:GetSamplingRules in Trace': 'Step Functions developer guide, "Trace Step Functions request data in AWS X-Ray"',
  'xray:GetSamplingTargets in Trace':
    'Step Functions developer guide, "Trace Step Functions request data in AWS X-Ray"',
  'logs:DescribeLogGroups in WriteLogs': 'API Gateway wants all of AmazonAPIGatewayPushToCloudWatchLogs',
  'logs:DescribeLogStreams in WriteLogs': 'API Gateway wants all of AmazonAPIGatewayPushToCloudWatchLogs',
  'logs:GetLogEvents in WriteLogs': 'API Gateway wants all of AmazonAPIGatewayPushToCloudWatchLogs',
  'logs:FilterLogEvents in WriteLogs': 'API Gateway wants all of AmazonAPIGatewayPushToCloudWatchLogs',
  'kms:ReEncrypt* in LogGroups': 'CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS KMS"',
};
const exceptionOf = ({ change }: Mutation) =>
  Object.keys(notObservableLocally).find((action) => change === `without ${action}`);

/** How a policy that lacks something stops a system at its start. */
const refusal = new RegExp(
  [
    'is not authorized to (perform|access the Log Destination)',
    'cannot be assumed by Lambda',
    'must allow AWS EventBridge Scheduler to assume the role',
    'will not allow you to update the key policy',
  ].join('|'),
);

let synthesis: MutableSynthesis;
beforeAll(() => {
  synthesis = new MutableSynthesis();
});
afterAll(() => synthesis.remove());

test('every environment has the policies that are tested here', () => {
  const documents = (environment: string) =>
    Object.values(synthesize({ OUTBOX_ENVIRONMENT: environment })).map((stack) =>
      JSON.parse(JSON.stringify(policies(stack)).replaceAll(`outbox-${environment}-`, 'outbox-dev-')),
    );
  expect(documents('prod')).toEqual(documents('dev'));
});

describe('nothing can be left out of a policy', () => {
  const unchanged: Observation[] = [];
  beforeAll(async () => {
    for await (const seen of observe(synthesis.folder)) unchanged.push(seen);
  });

  /** What the first flow that notices the mutation notices. */
  async function noticed(mutation: Mutation): Promise<string[]> {
    const restore = synthesis.apply(mutation);
    try {
      let flow = 0;
      for await (const { denials, ...seen } of observe(synthesis.folder)) {
        if (seen.flow === 'start' && seen.failure) {
          expect(seen.failure.message).toMatch(refusal);
          return [seen.failure.message];
        }
        const before = unchanged[flow++]!.denials;
        const difference = [
          ...denials.filter((denial) => !before.includes(denial)).map((denial) => `denied: ${denial}`),
          ...before.filter((denial) => !denials.includes(denial)).map((denial) => `not denied: ${denial}`),
        ];
        if (difference.length > 0) return difference;
      }
      return [];
    } finally {
      restore();
    }
  }

  test('as they are, all flows end well and nothing is denied but what comes without TLS', () => {
    const flows = [
      'start',
      'withoutTls',
      'administration',
      'userChanges',
      'messagesSent',
      'deadLetters',
      'bothEffects',
      'userFailures',
      'messageFailures',
    ];
    expect(unchanged.map(({ flow, failure }) => failure ?? flow)).toEqual(flows);
    for (const { flow, denials } of unchanged) {
      if (flow !== 'withoutTls' && flow !== 'messagesSent') expect(denials).toEqual([]);
    }
  });

  test.each(narrowings().filter((mutation) => !exceptionOf(mutation)))('$name', async (mutation) => {
    expect(await noticed(mutation)).not.toEqual([]);
  });

  test.each(narrowings().filter(exceptionOf))('nobody notices $name', async (mutation) => {
    expect(await noticed(mutation)).toEqual([]);
  });

  test('every exception is one', () => {
    const used = new Set(narrowings().map(exceptionOf));
    expect(Object.keys(notObservableLocally).filter((action) => !used.has(action))).toEqual([]);
  });
});

describe('nobody may do more than they need', () => {
  async function grants(): Promise<Record<string, string[]>> {
    const orders = await startOrders({ from: synthesis.folder });
    try {
      return await grantsIn(orders);
    } finally {
      await orders.stop();
    }
  }

  let unchanged: Record<string, string[]>;
  beforeAll(async () => {
    unchanged = await grants();
  });

  test.each(Object.keys(askers))('%s', (name) => {
    expect(unchanged[name]).toEqual([...askers[name]!.granted].sort());
  });

  test.each(widenings())('this would be noticed: $name', async (mutation) => {
    const restore = synthesis.apply(mutation);
    try {
      expect(await grants()).not.toEqual(unchanged);
    } finally {
      restore();
    }
  });
});
