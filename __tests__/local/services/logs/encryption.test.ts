import { kms } from '../../../../local/services/kms';
import { account } from '../function-fixture';
import { call, fixture, makeGroup, messages, names, put } from './log-group';

describe('encryption', () => {
  const statement = (more: object) => ({
    Effect: 'Allow',
    Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
    Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    Resource: '*',
    ...more,
  });
  const encrypted = async (more: object) => {
    const keys = kms(fixture.runtime);
    fixture.runtime.register(keys);
    const type = keys.resources['aws_kms_key']!;
    const root = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'kms:*',
      Resource: '*',
    };
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [root, statement(more)] });
    const key = await type.create({
      address: 'test/aws_kms_key.key',
      stack: 'test',
      type: 'aws_kms_key',
      name: 'key',
      arguments: type.arguments.parse({ policy }),
    });
    await makeGroup({ kms_key_id: key['arn'] });
    await call('CreateLogStream', names);
    await put('secret');
    return messages();
  };
  const groupArn = `arn:aws:logs:eu-west-1:${account}:log-group:orders`;

  test("works if the key's policy lets the service use it for this group", async () => {
    expect(await encrypted({ Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': groupArn } } })).toEqual([
      'secret',
    ]);
  });

  test.each([
    ['another group', { Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': `${groupArn}-2` } } }],
    ['another region', { Principal: { Service: 'logs.us-east-1.amazonaws.com' } }],
    ['too few actions', { Action: ['kms:Decrypt*'] }],
  ])('is refused for %s', async (_, more) => {
    await expect(encrypted(more)).rejects.toThrow('The specified KMS key is not allowed to be used with');
    expect(fixture.runtime.timeline.hops.at(-1)).toMatchObject({ outcome: 'denied' });
  });
});
