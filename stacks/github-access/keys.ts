import type { Statement } from '../../constructs/policy';
import type { BaseStack } from '../base-stack';

/** What a plan reads of the environment's keys. */
export function readKeys(stack: BaseStack): Statement[] {
  return [
    {
      Sid: 'ReadKeys',
      Action: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'],
      Resource: keys(stack),
      Condition: { StringEquals: taggedAs(stack, 'aws:ResourceTag') },
    },
  ];
}

/** What an apply does with keys: make them with the environment's tags, and change those that have them, but not the key of the state. */
export function writeKeys(stack: BaseStack): Statement[] {
  return [
    {
      // A key has no ARN before it is made: it must be given our tags, by which it is known afterwards.
      Sid: 'CreateKeys',
      Action: ['kms:CreateKey', 'kms:TagResource'],
      Resource: '*',
      Condition: { StringEquals: taggedAs(stack, 'aws:RequestTag') },
    },
    ...tagNoOthers(stack),
    {
      Sid: 'WriteKeys',
      Action: [
        'kms:CancelKeyDeletion',
        'kms:CreateAlias',
        'kms:DeleteAlias',
        'kms:EnableKeyRotation',
        'kms:PutKeyPolicy',
        'kms:ScheduleKeyDeletion',
        'kms:TagResource',
        'kms:UntagResource',
        'kms:UpdateAlias',
        'kms:UpdateKeyDescription',
      ],
      Resource: keys(stack),
      Condition: { StringEquals: taggedAs(stack, 'aws:ResourceTag'), StringNotEquals: ofState },
    },
    {
      Sid: 'WriteAliases',
      Action: ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'],
      Resource: stack.arnOf('kms', `alias/${stack.nameOf('*')}`),
    },
    {
      // DynamoDB asks these of whoever makes a table with a key; only through DynamoDB.
      Sid: 'EncryptTables',
      Action: ['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Resource: keys(stack),
      Condition: {
        StringEquals: {
          ...taggedAs(stack, 'aws:ResourceTag'),
          'kms:ViaService': `dynamodb.${stack.settings.region}.amazonaws.com`,
        },
      },
    },
  ];
}

/**
 * Keeps a key of others from being tagged as one of the environment, and so taken. One statement per tag, each of which also holds for a key
 * without the tag. They do not concern keys in the making: for these KMS asks for `kms:TagResource` on no key in particular.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html
 */
function tagNoOthers(stack: BaseStack): Statement[] {
  const { project, environment } = stack.settings;
  const deny = (Sid: string, Condition: NonNullable<Statement['Condition']>): Statement => ({
    Sid,
    Effect: 'Deny',
    Action: 'kms:TagResource',
    Resource: keys(stack),
    Condition,
  });
  return [
    deny('NotKeysOfOtherProjects', { StringNotEquals: { 'aws:ResourceTag/project': project } }),
    deny('NotKeysOfOtherEnvironments', { StringNotEquals: { 'aws:ResourceTag/environment': environment } }),
    deny('NotTheKeyOfTheState', { StringEquals: ofState }),
  ];
}

/** What the key of the state is known by: without it all states are lost, so it is the administrator's. */
const ofState = { 'aws:ResourceTag/stack': 'state-backend' };

/** The tags that every resource of an environment has. */
function taggedAs({ settings: { project, environment } }: BaseStack, key: 'aws:ResourceTag' | 'aws:RequestTag') {
  return { [`${key}/project`]: project, [`${key}/environment`]: environment };
}

/** All keys of the account and region. */
function keys(stack: BaseStack): string {
  return stack.arnOf('kms', 'key/*');
}
