import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesIn, synthProcess } from '../synth-process';

const first = synthProcess();
const files = filesIn(first.folder);

test('a synthesis writes all stacks and functions', () => {
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(Object.keys(files)).toEqual([
    'manifest.json',
    'stacks/claim-check/cdk.tf.json',
    'stacks/claim-check/functions/retrieve-payload/index.js',
    'stacks/claim-check/functions/retrieve-payload/index.js.map',
    'stacks/claim-check/functions/store-payload/index.js',
    'stacks/claim-check/functions/store-payload/index.js.map',
    'stacks/claim-check/functions/submit-sample/index.js',
    'stacks/claim-check/functions/submit-sample/index.js.map',
    'stacks/notifications/cdk.tf.json',
    'stacks/notifications/functions/retry-failed/index.js',
    'stacks/notifications/functions/retry-failed/index.js.map',
    'stacks/notifications/functions/send-message/index.js',
    'stacks/notifications/functions/send-message/index.js.map',
    'stacks/notifications/functions/start-delivery/index.js',
    'stacks/notifications/functions/start-delivery/index.js.map',
    'stacks/order-consumers/cdk.tf.json',
    'stacks/order-consumers/functions/order-confirmation/index.js',
    'stacks/order-consumers/functions/order-confirmation/index.js.map',
    'stacks/order-consumers/functions/order-statistics/index.js',
    'stacks/order-consumers/functions/order-statistics/index.js.map',
    'stacks/outbox-core/cdk.tf.json',
    'stacks/state-backend/cdk.tf.json',
    'stacks/user-events/cdk.tf.json',
    'stacks/user-events/functions/audit-user/index.js',
    'stacks/user-events/functions/audit-user/index.js.map',
    'stacks/user-events/functions/create-user/index.js',
    'stacks/user-events/functions/create-user/index.js.map',
    'stacks/user-events/functions/delete-user/index.js',
    'stacks/user-events/functions/delete-user/index.js.map',
    'stacks/user-events/functions/update-user/index.js',
    'stacks/user-events/functions/update-user/index.js.map',
    'stacks/user-events/functions/user-relay/index.js',
    'stacks/user-events/functions/user-relay/index.js.map',
    'stacks/user-events/functions/welcome-user/index.js',
    'stacks/user-events/functions/welcome-user/index.js.map',
  ]);
});

test('a second one writes the same bytes', () => {
  expect(changed(filesIn(synthProcess().folder))).toEqual([]);
});

test('so does one from another directory, with another home and place for temporary files', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'outbox-elsewhere-'));
  symlinkSync(join(__dirname, '../../node_modules'), join(elsewhere, 'node_modules'));
  const second = synthProcess({ TMPDIR: elsewhere, HOME: elsewhere, TZ: 'Asia/Tokyo', LANG: 'C' }, elsewhere);
  expect(second.stderr).toBe('');
  expect(changed(filesIn(second.folder))).toEqual([]);
});

test('nothing of the machine is in it', () => {
  const root = join(__dirname, '../..');
  const named = Object.keys(files).filter(
    (path) => files[path]!.includes(root) || files[path]!.includes(tmpdir() + '/'),
  );
  expect(named).toEqual([]);
});

/** The files whose content differs from the first synthesis; their text would flood the report. */
function changed(other: Record<string, string>): string[] {
  const paths = new Set([...Object.keys(files), ...Object.keys(other)]);
  return [...paths].filter((path) => files[path] !== other[path]);
}
