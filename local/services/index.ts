import type { Runtime } from '../runtime';
import type { ResourceType } from '../service';
import { apigateway, type ApiUrl } from './apigateway';
import { cloudwatch } from './cloudwatch';
import { dynamodb, dynamodbStreams } from './dynamodb';
import { events } from './events';
import { iam } from './iam';
import { kms } from './kms';
import { lambda } from './lambda';
import { logs } from './logs';
import { pipes } from './pipes';
import { s3 } from './s3';
import { scheduler } from './scheduler';
import { sns } from './sns';
import { sqs } from './sqs';
import { states } from './states';
import { sts } from './sts';
import { xray } from './xray';

/** The AWS services of a runtime. */
export interface Services {
  /** How each Terraform resource type is run. */
  readonly types: Readonly<Record<string, ResourceType>>;
  /** Where the APIs of API Gateway answer. */
  apiUrls(): ApiUrl[];
}

/**
 * Registers every AWS service with a runtime.
 *
 * @param codeDirectory where the unzipped code of a function lies, by the path of its archive
 */
export function registerServices(runtime: Runtime, codeDirectory: (archive: string) => string | undefined): Services {
  const gateway = apigateway(runtime);
  const services = [
    iam(runtime),
    sts(runtime),
    kms(runtime),
    xray(runtime),
    cloudwatch(runtime),
    logs(runtime),
    s3(runtime),
    sns(runtime),
    sqs(runtime),
    dynamodb(runtime),
    dynamodbStreams(runtime),
    events(runtime),
    pipes(runtime),
    states(runtime),
    scheduler(runtime),
    lambda(runtime, { codeDirectory }),
    gateway,
  ];
  for (const service of services) runtime.register(service);
  return { types: Object.assign({}, ...services.map(({ resources }) => resources)), apiUrls: gateway.apiUrls };
}
