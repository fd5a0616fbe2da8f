import { join } from 'node:path';
import { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import type { EncryptionKey } from './encryption-key';
import { FunctionBundles } from './function-bundle';
import { actions } from './grants';
import { LogGroup } from './log-group';
import type { RuleTarget } from './rule';
import { ServiceRole } from './service-role';

/** What a function runs, and for how long. */
export interface NodeFunctionProps {
  /** Name of the function, without project and environment. */
  readonly name: string;
  /** Source file that exports `handler`, from the project's root. */
  readonly entry: string;
  /** Seconds, from 1 to 900. */
  readonly timeout: number;
  /** @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Encrypts the log group. */
  readonly encryptionKey: EncryptionKey;
}

/** A Node.js function: bundled from TypeScript, traced, logging JSON to a log group of its own. */
export class NodeFunction extends Construct implements RuleTarget {
  /** Name of the function, project and environment included. */
  readonly name: string;
  /** ARN of the function, unqualified. */
  readonly arn: string;
  /** Seconds. */
  readonly timeout: number;
  /** What the function runs as; grants go to it. */
  readonly role: ServiceRole;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const name = stack.nameOf(props.name);
    const folder = `functions/${props.name}`;
    this.bundle(stack, props, folder);

    this.role = new ServiceRole(this, 'role', { name: props.name, service: 'lambda.amazonaws.com' });
    const logs = new LogGroup(this, 'logs', {
      prefix: '/aws/lambda',
      name: props.name,
      encryptionKey: props.encryptionKey,
    });
    logs.grantWrite(this.role);
    this.role.allow({ Sid: 'Trace', Action: actions.xray.write, Resource: '*' });

    if (!stack.node.tryFindChild('archive')) new ArchiveProvider(stack, 'archive');
    const archive = new DataArchiveFile(this, 'archive', {
      type: 'zip',
      sourceDir: `\${path.module}/${folder}`,
      outputPath: `\${path.module}/${folder}.zip`,
      outputFileMode: '0644',
    });
    const lambda = new LambdaFunction(this, 'function', {
      functionName: name,
      role: this.role.arn,
      runtime: stack.settings.functionRuntime,
      architectures: ['arm64'],
      handler: 'index.handler',
      filename: archive.outputPath,
      sourceCodeHash: archive.outputBase64Sha256,
      memorySize: stack.settings.functionMemory,
      timeout: props.timeout,
      tracingConfig: { mode: 'Active' },
      loggingConfig: { logFormat: 'JSON', logGroup: logs.name, applicationLogLevel: 'INFO', systemLogLevel: 'WARN' },
      ...(props.environment && { environment: { variables: props.environment } }),
      dependsOn: [this.role.policy],
    });
    this.name = lambda.functionName;
    this.arn = lambda.arn;
    this.timeout = props.timeout;
  }

  /** Lets a role invoke the function. */
  grantInvoke(role: ServiceRole): void {
    role.allow({ Sid: 'InvokeFunction', Action: actions.function.invoke, Resource: this.arn });
  }

  /** Lets an EventBridge rule invoke the function. */
  grantRule(ruleArn: string): void {
    new LambdaPermission(this, 'invoked-by-rule', {
      functionName: this.name,
      action: actions.function.invoke[0],
      principal: 'events.amazonaws.com',
      sourceArn: ruleArn,
    });
  }

  private bundle(stack: BaseStack, props: NodeFunctionProps, folder: string): void {
    const bundles = FunctionBundles.of(this);
    bundles.add(props.name, join(__dirname, '..', props.entry));
    const { synthesizer } = stack;
    stack.synthesizer = {
      synthesize(session) {
        const { workingDirectory } = session.manifest.forStack(stack);
        bundles.write(props.name, join(session.outdir, workingDirectory, folder));
        synthesizer.synthesize(session);
      },
    };
  }
}
