import { traceHeaderOf, traceparentOf } from '../../lambdas/shared/tracing';

const header = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
const traceparent = '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01';

test('a trace goes from X-Ray to W3C and back', () => {
  expect(traceparentOf(header)).toBe(traceparent);
  expect(traceHeaderOf(traceparent)).toBe(header);
});

test('a trace that is not sampled stays so', () => {
  const unsampled = header.replace('Sampled=1', 'Sampled=0');
  expect(traceHeaderOf(traceparentOf(unsampled))).toBe(unsampled);
});

test.each([undefined, '', 'Root=1-5759e988-bd862e3fe1be46a994272793', 'Self=1-67891233-abcdef012345678912345678'])(
  '%p names no trace',
  (given) => expect(traceparentOf(given)).toBeUndefined(),
);

test.each([undefined, '', 'Root=1', `${traceparent}-more`])('%p is no trace to go back to', (given) =>
  expect(traceHeaderOf(given)).toBeUndefined(),
);
