import type { Api } from './api';

const names = (list: readonly any[], key: string): string[] => list.map((entry) => entry[key] as string);
const last = (url: string) => url.slice(url.lastIndexOf('/') + 1);

/**
 * What an account holds, as names by kind: everything that the stacks can make but KMS keys, which AWS keeps for days, and
 * the bucket of the state.
 */
export async function inventory(api: Api): Promise<Record<string, string[]>> {
  const own = (found: readonly string[]) => found.filter((name) => !/^(default|AWS)/.test(name)).sort();
  const events = async (operation: string, key: string) => {
    const answer = await api.call('events', `AWSEvents.${operation}`);
    return own(names(answer[key], 'Name' in (answer[key][0] ?? {}) ? 'Name' : 'ArchiveName'));
  };
  return {
    buckets: (await api.list('s3', '/', 'Name')).filter((name) => !name.endsWith('-terraform-state')),
    tables: (await api.call('dynamodb', 'DynamoDB_20120810.ListTables')).TableNames,
    queues: ((await api.call('sqs', 'AmazonSQS.ListQueues')).QueueUrls ?? []).map(last),
    buses: await events('ListEventBuses', 'EventBuses'),
    archives: await events('ListArchives', 'Archives'),
    pipes: names((await api.get('pipes', '/v1/pipes')).Pipes, 'Name'),
    functions: names((await api.get('lambda', '/2015-03-31/functions/')).Functions, 'FunctionName'),
    mappings: names((await api.get('lambda', '/2015-03-31/event-source-mappings/')).EventSourceMappings, 'UUID'),
    machines: names((await api.call('states', 'AWSStepFunctions.ListStateMachines')).stateMachines, 'name'),
    schedules: names((await api.get('scheduler', '/schedules')).Schedules, 'Name'),
    groups: own(names((await api.get('scheduler', '/schedule-groups')).ScheduleGroups, 'Name')),
    apis: names((await api.get('apigateway', '/restapis')).item, 'name'),
    logGroups: names((await api.call('logs', 'Logs_20140328.DescribeLogGroups')).logGroups, 'logGroupName'),
    topics: (await api.query('sns', { Action: 'ListTopics', Version: '2010-03-31' }, 'TopicArn')).map((arn) =>
      arn.slice(arn.lastIndexOf(':') + 1),
    ),
    alarms: await api.query('monitoring', { Action: 'DescribeAlarms', Version: '2010-08-01' }, 'AlarmName'),
    roles: own(await api.query('iam', { Action: 'ListRoles', Version: '2010-05-08' }, 'RoleName')),
  };
}

/** Descriptions and states of the customer managed keys. Those of AWS have an alias `alias/aws/...`; a mock makes them too. */
export async function keyStates(api: Api): Promise<[description: string, state: string][]> {
  const ask = async (operation: string, input = {}) => api.call('kms', `TrentService.${operation}`, input);
  const { Aliases: aliases } = await ask('ListAliases');
  const managed = new Set(
    aliases.filter(({ AliasName: name }: any) => name.startsWith('alias/aws/')).map((alias: any) => alias.TargetKeyId),
  );
  const { Keys: keys } = await ask('ListKeys');
  const own = names(keys, 'KeyId').filter((id) => !managed.has(id));
  return Promise.all(
    own.map(async (KeyId) => {
      const { KeyMetadata: key } = await ask('DescribeKey', { KeyId });
      return [key.Description, key.KeyState] satisfies [string, string];
    }),
  );
}
