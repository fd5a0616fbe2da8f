import { Runtime } from '../../../local/runtime';
import { seededRandom } from '../../../local/random';
import { simulatedClock } from '../../../local/clock';
import { xray } from '../../../local/services/xray';

const segment = {
  id: '70de5b6f19ff9a0a',
  trace_id: '1-581cf771-a006649127e371903a2de979',
  name: 'f',
  start_time: 1.5,
  in_progress: true,
};

function setUp() {
  const runtime = new Runtime({ clock: simulatedClock(), random: seededRandom(1), region: 'eu-central-1' });
  runtime.register(xray(runtime));
  const put = (documents: unknown, principal = runtime.administrator) =>
    runtime.call({
      service: 'xray',
      operation: 'PutTraceSegments',
      input: { TraceSegmentDocuments: documents },
      principal,
    });
  return { put };
}

test('segments are taken, others are told back', async () => {
  const { put } = setUp();
  expect(await put([JSON.stringify(segment)])).toEqual({ UnprocessedTraceSegments: [] });
  expect(await put(['{', JSON.stringify({ ...segment, id: undefined })])).toMatchObject({
    UnprocessedTraceSegments: [{ ErrorCode: 'ParseError' }, { ErrorCode: 'MissingField' }],
  });
  await expect(put('text')).rejects.toMatchObject({ code: 'InvalidRequestException' });
});

test('a role needs the permission', async () => {
  const roleArn = 'arn:aws:iam::000000000000:role/f';
  await expect(setUp().put([], { kind: 'role', roleArn, arn: roleArn })).rejects.toMatchObject({
    code: 'AccessDeniedException',
    status: 403,
  });
});
