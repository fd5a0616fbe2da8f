import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policies, type StackName, synthesisFolder, synthesize } from '../synthesis';

type Statement = Record<string, any>;

/** A synthesized policy with one change. */
export interface Mutation {
  /** Policy and change: `order-consumers aws_sqs_queue.x policy: without SentByRule`. */
  readonly name: string;
  /** `without SentByRule` */
  readonly change: string;
  readonly stack: StackName;
  /** `aws_sqs_queue.x` */
  readonly address: string;
  /** Argument that holds the document. */
  readonly attribute: string;
  /** What the changed document says. */
  readonly statements: readonly Statement[];
}

interface Change {
  readonly what: string;
  /** What to put in place of the statement. @default nothing */
  readonly to?: Statement;
}

/** An action of each kind of policy that nothing here does. */
const idle: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_resource_policy: 'logs:PutSubscriptionFilter',
  aws_iam_role: 'sts:TagSession',
  aws_iam_role_policy: 'iam:DeleteRole',
  aws_kms_key: 'kms:ScheduleKeyDeletion',
  aws_s3_bucket_policy: 's3:DeleteBucket',
  aws_sns_topic_policy: 'sns:RemovePermission',
  aws_sqs_queue: 'sqs:RemovePermission',
};

/** Every policy with one statement, one action or one resource less, or with a Deny that has lost its condition. */
export function narrowings(): Mutation[] {
  return mutations((statement) => [
    { what: `without ${statement.Sid}` },
    ...withoutOne(statement, 'Action'),
    ...withoutOne(statement, 'Resource'),
    ...(statement.Effect === 'Deny' ? withoutConditions(statement) : []),
  ]);
}

/** Every policy with an Allow that has lost a condition, or that speaks of all resources, actions or services. */
export function widenings(): Mutation[] {
  return mutations((statement, type) => {
    if (statement.Effect === 'Deny') return [];
    const { Sid, Action, Resource, Principal } = statement;
    const [prefix] = [Action].flat()[0].split(':');
    const any = (key: string, value: unknown): Change => ({
      what: `any ${key} in ${Sid}`,
      to: { ...statement, [key]: value },
    });
    return [
      ...withoutConditions(statement),
      ...(type === 'aws_iam_role_policy' && Resource !== '*' ? [any('Resource', '*')] : []),
      ...(Action === `${prefix}:*` || type === 'aws_iam_role' ? [] : [any('Action', `${prefix}:*`)]),
      ...(Principal?.Service ? [any('Principal', '*')] : []),
    ];
  });
}

/** A copy of the synthesized application in which one thing after the other can be changed. */
export class MutableSynthesis {
  readonly folder = mkdtempSync(join(tmpdir(), 'outbox-mutated-'));

  /** @param env `OUTBOX_*` variables. @default the dev environment */
  constructor(env: Record<string, string> = {}) {
    cpSync(synthesisFolder(env), this.folder, { recursive: true, filter: (path) => !path.endsWith('.map') });
  }

  /** Writes the mutation; the returned function takes it back. */
  apply({ stack, address, attribute, statements }: Mutation): () => void {
    const [type, name] = address.split('.') as [string, string];
    return this.edit(stack, ({ resource }) => {
      resource[type][name][attribute] = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    });
  }

  /** Changes a stack's configuration; the returned function takes it back. */
  edit(stack: StackName | 'github-access', change: (json: any) => void): () => void {
    const file = join(this.folder, 'stacks', stack, 'cdk.tf.json');
    const original = readFileSync(file, 'utf8');
    const json = JSON.parse(original);
    change(json);
    writeFileSync(file, JSON.stringify(json));
    return () => writeFileSync(file, original);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function mutations(changes: (statement: Statement, type: string) => Change[]): Mutation[] {
  return Object.entries(synthesize()).flatMap(([stack, synthesized]) =>
    policies(synthesized).flatMap(({ address, attribute, statements }) => {
      const type = address.split('.')[0]!;
      return statements.flatMap((statement, index) =>
        changes(statement, type).map(({ what, to }) => {
          const others = statements.toSpliced(index, 1, ...(to ? [to] : []));
          return {
            name: `${stack} ${address} ${attribute}: ${what}`,
            change: what,
            stack: stack as StackName,
            address,
            attribute,
            statements: others.length > 0 ? others : [nothing(statement, type)],
          };
        }),
      );
    }),
  );
}

/** A policy needs a statement: one that denies nobody anything. */
function nothing({ Sid, Principal, Resource }: Statement, type: string): Statement {
  return { Sid, Effect: 'Deny', Principal, Action: idle[type], Resource };
}

function withoutOne(statement: Statement, key: 'Action' | 'Resource'): Change[] {
  const values = [statement[key] ?? []].flat() as string[];
  if (values.length < 2) return [];
  return values.map((value) => ({
    what: `without ${value} in ${statement.Sid}`,
    to: { ...statement, [key]: values.filter((other) => other !== value) },
  }));
}

function withoutConditions(statement: Statement): Change[] {
  return Object.entries<Record<string, unknown>>(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.keys(keys).map((key) => {
      const { [key]: _, ...others } = keys;
      const { [operator]: __, ...rest } = statement.Condition;
      const Condition = Object.keys(others).length > 0 ? { ...rest, [operator]: others } : rest;
      return { what: `without ${operator} ${key} in ${statement.Sid}`, to: { ...statement, Condition } };
    }),
  );
}
