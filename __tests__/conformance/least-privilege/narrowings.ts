// The tests of each stack are declared here and run in a file of its own, so that they run beside one another.
/* oxlint-disable jest/no-export */
import type { StackName } from '../../synthesis';
import { flowsOf, observe, type Observation } from '../flows';
import { MutableSynthesis, type Mutation, narrowings } from '../policy-mutations';

/** Actions that AWS wants although nothing that a flow can see depends on them, and why. */
export const notObservableLocally: Readonly<Record<string, string>> = {
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

/** The exception that a mutation is, if it is one. */
export const exceptionOf = ({ change }: Mutation) =>
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

/** Flows in which something is denied however the policies are: what comes without TLS, or from where nobody may send. */
const denying = new Set(['withoutTls', 'messagesSent']);

/** Declares tests that take away one statement, action or resource of a stack's policies after the other. */
export function nothingCanBeLeftOut(stack: StackName): void {
  const own = narrowings().filter((mutation) => mutation.stack === stack);
  const unchanged: Observation[] = [];
  let synthesis: MutableSynthesis;
  beforeAll(async () => {
    synthesis = new MutableSynthesis();
    for await (const seen of observe(synthesis.folder, stack)) unchanged.push(seen);
  });
  afterAll(() => synthesis.remove());

  /** What the first flow that notices the mutation notices. */
  async function noticed(mutation: Mutation): Promise<string[]> {
    const restore = synthesis.apply(mutation);
    try {
      let flow = 0;
      for await (const { denials, ...seen } of observe(synthesis.folder, stack)) {
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

  test('as they are, all flows end well and nothing is denied that should not be', () => {
    expect(unchanged.map(({ flow, failure }) => failure ?? flow)).toEqual(['start', ...flowsOf[stack]]);
    for (const { flow, denials } of unchanged) {
      if (!denying.has(flow)) expect(denials).toEqual([]);
    }
  });

  test.each(own.filter((mutation) => !exceptionOf(mutation)))('$name', async (mutation) => {
    expect(await noticed(mutation)).not.toEqual([]);
  });

  const exceptions = own.filter(exceptionOf);
  if (exceptions.length > 0) {
    test.each(exceptions)('nobody notices $name', async (mutation) => {
      expect(await noticed(mutation)).toEqual([]);
    });
  }
}
