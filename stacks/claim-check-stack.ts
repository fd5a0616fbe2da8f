import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { alarm, alarmOnDeadLetters } from '../constructs/alarms';
import { LogGroup } from '../constructs/log-group';
import { NodeFunction } from '../constructs/node-function';
import { PayloadBucket } from '../constructs/payload-bucket';
import { busTarget, stateMachineTarget } from '../constructs/pipe-target';
import { Queue } from '../constructs/queue';
import { pipeVisibility, QueuePipe } from '../constructs/queue-pipe';
import { Rule } from '../constructs/rule';
import { StateMachine } from '../constructs/state-machine';
import { Table } from '../constructs/table';
import { claimEvents } from '../lambdas/claim-check/claim-event-type';
import { BaseStack } from './base-stack';
import type { OutboxCoreStack } from './outbox-core-stack';
import type { Settings } from './settings';

/** How long a message can be fetched: twice as long as a queue keeps its claim, and some days for a person. */
const claimDays = 30;
/** Objects outlive their claims, since S3 counts from the next midnight on and claims are renewed by putting anew. */
const objectDays = 35;
/** Receives after which a message counts as not processable (AWS recommends 5 at least). */
const maxReceiveCount = 5;
/** Seconds of an enrichment: within them all tries of a batch end that S3 leaves unanswered. */
const timeout = 60;
/** A message of 1 MiB has up to twice that, escaped in a request: two fit into the 6 MiB of an invocation, three do not. */
const submissionBatch = 2;
/** A batch becomes one execution, whose input has 256 KiB at most: alone, a message has nearly all of them. */
const processingBatch = 1;

/** Claim check: messages are stored, their claims travel over the bus, and are exchanged for the messages again. */
export class ClaimCheckStack extends BaseStack {
  constructor(
    scope: Construct,
    settings: Settings,
    private readonly core: OutboxCoreStack,
  ) {
    super(scope, 'claim-check', settings);
    const { encryptionKey } = core;
    const claims = new Table(this, 'claims', {
      name: 'claims',
      hashKey: { name: 'claimId', type: 'S' },
      ttlAttribute: 'expiresAt',
      encryptionKey,
    });
    const payloads = new PayloadBucket(this, 'payloads', { name: 'claim-payloads', objectDays, encryptionKey });
    this.submission(claims, payloads);
    this.processing(claims, payloads);
    this.audit();
    new TerraformOutput(this, 'ClaimCheckTableName', { value: claims.name, description: 'Table of the claims' });
  }

  /** Queue -> store each message -> claims on the bus. */
  private submission(claims: Table, payloads: PayloadBucket): void {
    const { encryptionKey, alarmTopic, bus } = this.core;
    const queue = this.queue('submission');
    const store = this.enrichment('store-payload', queue, claims, payloads);
    claims.grantGet(store.role);
    claims.grantPut(store.role);
    payloads.grantPut(store.role);
    new QueuePipe(this, 'submission-pipe', {
      name: 'submission',
      queue,
      batchSize: submissionBatch,
      enrichment: store,
      target: busTarget(bus),
      encryptionKey,
      alarmTopic,
    });

    const submit = this.function('submit-sample', { QUEUE_URL: queue.url });
    queue.grantSend(submit.role);
    new TerraformOutput(this, 'ClaimCheckSampleDataCreatorLambdaArn', {
      value: submit.arn,
      description: 'Invoke it with {"size": 300000, "count": 1} to submit messages',
    });
    new TerraformOutput(this, 'ClaimCheckSubmissionQueueUrl', {
      value: queue.url,
      description: 'Send messages here: {"id": ..., "type": ..., "payload": ...}',
    });
  }

  /** Claims of the bus -> queue -> fetch each message -> workflow. */
  private processing(claims: Table, payloads: PayloadBucket): void {
    const { encryptionKey, alarmTopic } = this.core;
    const queue = this.queue('processing');
    this.rule('payload-claimed', [claimEvents.claimed]).addTarget('processing', queue);
    const retrieve = this.enrichment('retrieve-payload', queue, claims, payloads);
    claims.grantGet(retrieve.role);
    payloads.grantGet(retrieve.role);

    const outcomes = new Table(this, 'outcomes', {
      name: 'claim-outcomes',
      hashKey: { name: 'claimId', type: 'S' },
      encryptionKey,
    });
    const workflow = new StateMachine(this, 'process-message', {
      name: 'process-message',
      definition: 'stacks/claim-check/process-message.asl.json',
      values: { partition: this.partition, table: outcomes.name },
      logLevel: 'ALL',
      encryptionKey,
      alarmTopic,
    });
    outcomes.grantPut(workflow.role);
    alarm(workflow, 'failedExecutions', 'process-message', { StateMachineArn: workflow.arn }, alarmTopic);
    new QueuePipe(this, 'processing-pipe', {
      name: 'processing',
      queue,
      batchSize: processingBatch,
      enrichment: retrieve,
      target: stateMachineTarget(workflow),
      encryptionKey,
      alarmTopic,
    });
    new TerraformOutput(this, 'ClaimCheckTargetWorkflowArn', {
      value: workflow.arn,
      description: 'Workflow that processes the messages',
    });
    new TerraformOutput(this, 'ClaimCheckOutcomesTableName', {
      value: outcomes.name,
      description: 'Table of what became of each message',
    });
  }

  /** Writes all that this stack publishes to a log group, to show that claims travel and nothing else. */
  private audit(): void {
    const { encryptionKey } = this.core;
    const log = new LogGroup(this, 'claim-audit', { prefix: '/aws/events', name: 'claim-audit', encryptionKey });
    this.rule('claim-audit').addTarget('log', log);
    new TerraformOutput(this, 'ClaimCheckAuditLogGroup', {
      value: log.name,
      description: 'Log group that shows what travels over the bus',
    });
  }

  /** @param types of the events. @default all that this stack publishes */
  private rule(name: string, types?: readonly string[]): Rule {
    const { encryptionKey, alarmTopic, bus } = this.core;
    const rule = new Rule(this, `${name}-rule`, {
      name,
      bus,
      pattern: { source: [claimEvents.source], ...(types && { 'detail-type': types }) },
      encryptionKey,
      maxRetries: 4,
      maxEventAge: 400,
    });
    alarmOnDeadLetters(rule.deadLetters, `${name}-rule-dlq`, alarmTopic);
    return rule;
  }

  private queue(name: string): Queue {
    const { encryptionKey } = this.core;
    return new Queue(this, name, { name, encryptionKey, visibilityTimeout: pipeVisibility(timeout), maxReceiveCount });
  }

  /** A function that a pipe calls, and that sends what it cannot process to the queue's dead letters. */
  private enrichment(name: string, queue: Queue, claims: Table, payloads: PayloadBucket): NodeFunction {
    const enrichment = this.function(name, {
      CLAIMS_TABLE: claims.name,
      BUCKET: payloads.name,
      CLAIM_DAYS: String(claimDays),
      DEAD_LETTER_QUEUE_URL: queue.deadLetters!.url,
      MAX_MESSAGE_SIZE: String(this.settings.maxMessageSize),
    });
    queue.deadLetters!.grantSend(enrichment.role);
    return enrichment;
  }

  private function(name: string, environment: Record<string, string>): NodeFunction {
    const { encryptionKey } = this.core;
    return new NodeFunction(this, name, {
      name,
      entry: `lambdas/claim-check/${name}.ts`,
      timeout,
      environment,
      encryptionKey,
    });
  }
}
