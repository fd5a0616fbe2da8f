import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { synthProcess } from './synth-process';

test('wrong settings end the synthesis with every fault, no stack trace and exit code 1', () => {
  const { code, stderr, folder } = synthProcess({
    OUTBOX_ENVIRONMENT: 'production',
    OUTBOX_REGION: 'frankfurt',
    OUTBOX_THROTTLING_RATE: '0',
    OUTBOX_REGON: 'eu-west-1',
  });
  expect(code).toBe(1);
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[0]).toBe('4 wrong settings:');
  expect(lines).toEqual(
    expect.arrayContaining([
      '  OUTBOX_ENVIRONMENT: got "production", allowed: dev, staging, prod',
      '  OUTBOX_REGION: got "frankfurt", allowed: an AWS region such as eu-central-1; not in China or an isolated partition, whose services have other names',
      '  OUTBOX_THROTTLING_RATE: got "0", allowed: a whole number from 1 to 10000',
      expect.stringContaining('OUTBOX_REGON: no such setting'),
    ]),
  );
  expect(existsSync(join(folder, 'manifest.json'))).toBe(false);
});

test('right settings end with exit code 0 and say nothing', () => {
  const { code, stderr, folder } = synthProcess({ OUTBOX_ENVIRONMENT: 'prod', OUTBOX_REGION: 'eu-west-1' });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(existsSync(join(folder, 'manifest.json'))).toBe(true);
});
