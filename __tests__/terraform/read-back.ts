import type { Synthesized } from '../synthesis';
import type { Api } from './api';

const dev = (name: string) => `outbox-dev-${name}`;
const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:123456789012:${resource}`;
const bus = { name: dev('events'), arn: arn('events', `event-bus/${dev('events')}`) };

async function queueAttributes(api: Api, name: string): Promise<Record<string, string>> {
  const { QueueUrl } = await api.call('sqs', 'AmazonSQS.GetQueueUrl', { QueueName: name });
  const input = { QueueUrl, AttributeNames: ['All'] };
  return (await api.call('sqs', 'AmazonSQS.GetQueueAttributes', input)).Attributes;
}

/** The table with its stream, the pipe that reads it with its filter and dead-letter queue, the bus, its archive, the API. */
export async function checkCore(api: Api): Promise<void> {
  const { Table } = await api.call('dynamodb', 'DynamoDB_20120810.DescribeTable', { TableName: dev('orders') });
  expect(Table).toMatchObject({
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    SSEDescription: { Status: 'ENABLED', SSEType: 'KMS' },
  });
  const pipe = await api.get('pipes', `/v1/pipes/${dev('orders')}`);
  expect(pipe).toMatchObject({
    CurrentState: 'RUNNING',
    Source: Table.LatestStreamArn,
    Target: bus.arn,
    SourceParameters: {
      DynamoDBStreamParameters: {
        DeadLetterConfig: { Arn: arn('sqs', dev('orders-pipe-dlq')) },
        MaximumRetryAttempts: 10,
      },
    },
  });
  const patterns = pipe.SourceParameters.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) =>
    JSON.parse(Pattern),
  );
  expect(patterns).toEqual([
    { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { Status: { S: [{ exists: true }] } } } },
  ]);
  expect(await api.call('events', 'AWSEvents.DescribeArchive', { ArchiveName: bus.name })).toMatchObject({
    EventSourceArn: bus.arn,
    RetentionDays: 30,
    State: 'ENABLED',
  });
  const { item } = await api.get('apigateway', '/restapis');
  expect(await api.get('apigateway', `/restapis/${item[0].id}/stages/v1`)).toMatchObject({ tracingEnabled: true });
}

/** Rules with their targets, and what invokes the functions. */
export async function checkConsumers(api: Api): Promise<void> {
  const targets: Record<string, string[]> = {
    'order-created': ['order-confirmation', 'order-statistics'].map((name) => arn('sqs', dev(name))),
    'user-created': [arn('lambda', `function:${dev('audit-user')}`), arn('sqs', dev('welcome-user'))],
  };
  for (const [rule, arns] of Object.entries(targets)) {
    const input = { Rule: dev(rule), EventBusName: bus.name };
    const { Targets } = await api.call('events', 'AWSEvents.ListTargetsByRule', input);
    expect(Targets.map(({ Arn }: { Arn: string }) => Arn).sort()).toEqual(arns.sort());
    for (const { DeadLetterConfig } of Targets) {
      expect(DeadLetterConfig).toEqual({ Arn: arn('sqs', dev(`${rule}-rule-dlq`)) });
    }
  }
  const { EventSourceMappings } = await api.get('lambda', '/2015-03-31/event-source-mappings/');
  const mappings: string[] = EventSourceMappings.map(
    ({ EventSourceArn, FunctionArn, State }: Record<string, string>) => {
      const [source] = /[^:/]+(?=\/stream\/|$)/.exec(EventSourceArn!)!;
      return `${source} -> ${FunctionArn!.split(':')[6]}: ${State}`;
    },
  );
  const wanted = [
    'order-confirmation',
    'order-statistics',
    'messages start-delivery',
    'users user-relay',
    'welcome-user',
  ];
  expect(mappings.sort()).toEqual(
    wanted
      .map((names) => names.split(' '))
      .map(([source, handler = source]) => `${dev(source!)} -> ${dev(handler!)}: Enabled`)
      .sort(),
  );
  const schedule = await api.get('scheduler', `/schedules/${dev('retry-failed')}?groupName=${dev('retry-failed')}`);
  expect(schedule).toMatchObject({
    State: 'ENABLED',
    ScheduleExpression: 'rate(5 minutes)',
    Target: { Arn: arn('lambda', `function:${dev('retry-failed')}`) },
  });
}

/** Policies as documents: queues and buckets over TLS only, queues' redrive, and what the pipe's role may do. */
export async function checkPolicies(api: Api): Promise<void> {
  const { QueueUrls } = await api.call('sqs', 'AmazonSQS.ListQueues');
  expect(QueueUrls.length).toBeGreaterThan(10);
  for (const url of QueueUrls as string[]) {
    const attributes = await queueAttributes(api, url.slice(url.lastIndexOf('/') + 1));
    expect(attributes.KmsMasterKeyId).toMatch(/^arn:aws:kms:/);
    expect(JSON.parse(attributes.Policy!).Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
    const source = url.endsWith('-dlq') && QueueUrls.includes(url.slice(0, -'-dlq'.length));
    expect(JSON.parse(attributes.RedriveAllowPolicy!)).toMatchObject({
      redrivePermission: source ? 'byQueue' : 'denyAll',
    });
  }
  const sent = await queueAttributes(api, dev('order-statistics'));
  const rule = arn('events', `rule/${bus.name}/${dev('order-created')}`);
  expect(JSON.parse(sent.Policy!).Statement).toContainEqual(
    expect.objectContaining({
      Principal: { Service: 'events.amazonaws.com' },
      Resource: arn('sqs', dev('order-statistics')),
      Condition: { ArnEquals: { 'aws:SourceArn': rule } },
    }),
  );
  const role = { Version: '2010-05-08', RoleName: dev('orders-pipe') };
  const [name] = await api.query('iam', { ...role, Action: 'ListRolePolicies' }, 'member');
  const [document] = await api.query('iam', { ...role, Action: 'GetRolePolicy', PolicyName: name! }, 'PolicyDocument');
  const { Statement } = JSON.parse(decodeURIComponent(document!.replaceAll('+', ' ')));
  const puts = Statement.filter(({ Action }: { Action: string[] }) => Action.includes('events:PutEvents'));
  expect(puts).toEqual([expect.objectContaining({ Effect: 'Allow', Resource: bus.arn })]);
}

/** Every alarm of the stacks, each reporting to the topic. */
export async function checkAlarms(api: Api, stacks: readonly Synthesized[]): Promise<void> {
  const describe = { Action: 'DescribeAlarms', Version: '2010-08-01' };
  const wanted = stacks.flatMap(({ all }) =>
    Object.values(all('aws_cloudwatch_metric_alarm')).map(({ alarm_name: name }) => name as string),
  );
  const names = await api.query('monitoring', describe, 'AlarmName');
  expect(names.map((name) => name.replace(/-[0-9a-f-]{36}-/, '-UUID-')).sort()).toHaveLength(wanted.length);
  for (const AlarmNames of names) {
    const one = { ...describe, 'AlarmNames.member.1': AlarmNames };
    expect(await api.query('monitoring', one, 'member')).toContain(arn('sns', dev('alarms')));
  }
}
