import { ApiGatewayAccount } from '@cdktf/provider-aws/lib/api-gateway-account';
import { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment';
import { ApiGatewayMethodSettings } from '@cdktf/provider-aws/lib/api-gateway-method-settings';
import { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api';
import { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage';
import { Fn, Token } from 'cdktf';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import { alarm } from './alarms';
import type { AlarmTopic } from './alarm-topic';
import type { EncryptionKey } from './encryption-key';
import { actions } from './grants';
import { LogGroup } from './log-group';
import { orderApi } from './order-api/openapi';
import { ServiceRole } from './service-role';
import type { Table } from './table';

/** Where the API writes. */
export interface OrderApiProps {
  /** Name of the API, without project and environment. */
  readonly name: string;
  /** Where orders are written: hash key `id` (S), range key `createdAt` (N). */
  readonly table: Table;
  /** Encrypts the access log. */
  readonly encryptionKey: EncryptionKey;
  /** Told when the API answers with server errors. */
  readonly alarmTopic: AlarmTopic;
}

const stageName = 'v1';

/** What API Gateway writes about each request. */
const accessLogFormat = JSON.stringify({
  requestId: '$context.requestId',
  'integration-error': '$context.integration.error',
  'integration-status': '$context.integration.status',
  'integration-latency': '$context.integration.latency',
  'integration-requestId': '$context.integration.requestId',
  'integration-integrationStatus': '$context.integration.integrationStatus',
  'response-latency': '$context.responseLatency',
  status: '$context.status',
});

/** `POST /createId`: a REST API that writes orders straight into the table, without a function between. */
export class OrderApi extends Construct {
  /** Address of the operation. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: OrderApiProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const { region, apiAuthorization, throttlingBurst, throttlingRate } = stack.settings;
    const name = stack.nameOf(props.name);

    const role = new ServiceRole(this, 'role', { name: props.name, service: 'apigateway.amazonaws.com' });
    props.table.grantPut(role);
    const api = new ApiGatewayRestApi(this, 'api', {
      name,
      body: JSON.stringify(
        orderApi({
          title: name,
          tableName: props.table.name,
          integrationUri: `arn:${stack.partition}:apigateway:${region}:dynamodb:action/TransactWriteItems`,
          roleArn: role.arn,
          authorization: apiAuthorization,
        }),
      ),
      endpointConfiguration: { types: ['REGIONAL'] },
    });
    const deployment = new ApiGatewayDeployment(this, 'deployment', {
      restApiId: api.id,
      triggers: { body: Fn.sha1(Token.asString(api.body)) },
      lifecycle: { createBeforeDestroy: true },
    });

    const logs = new LogGroup(this, 'access-log', {
      prefix: '/aws/apigateway',
      name: props.name,
      encryptionKey: props.encryptionKey,
    });
    const stage = new ApiGatewayStage(this, 'stage', {
      restApiId: api.id,
      deploymentId: deployment.id,
      stageName,
      accessLogSettings: { destinationArn: logs.arn, format: accessLogFormat },
      xrayTracingEnabled: true,
      dependsOn: [this.accountForLogs()],
    });
    new ApiGatewayMethodSettings(this, 'settings', {
      restApiId: api.id,
      stageName: stage.stageName,
      methodPath: '*/*',
      settings: {
        metricsEnabled: true,
        loggingLevel: 'OFF',
        throttlingBurstLimit: throttlingBurst,
        throttlingRateLimit: throttlingRate,
      },
    });
    alarm(this, 'serverErrors', props.name, { ApiName: name, Stage: stageName }, props.alarmTopic);
    this.url = `${stage.invokeUrl}/createId`;
  }

  /**
   * Sets the role with which API Gateway writes access logs. It is one per account and region, so it may write to
   * any log group there.
   */
  private accountForLogs(): ApiGatewayAccount {
    const role = new ServiceRole(this, 'account-role', {
      name: 'api-gateway-logs',
      service: 'apigateway.amazonaws.com',
    });
    const Resource = BaseStack.of(this).arnOf('logs', '*');
    role.allow({ Sid: 'WriteLogs', Action: actions.logGroup.push, Resource });
    return new ApiGatewayAccount(this, 'account', { cloudwatchRoleArn: role.arn, dependsOn: [role.policy] });
  }
}
