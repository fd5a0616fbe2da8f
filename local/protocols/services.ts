/** How the clients of one AWS service speak. Source: botocore 1.43, `service-2.json` of each service. */
export interface WireService {
  /** The runtime's name of the service: its IAM prefix. */
  readonly name: string;
  /** Fourth field of the credential scope. @default the name */
  readonly signingName?: string;
  readonly protocol: 'json' | 'query' | 'rest-json' | 'rest-xml';
  /** Before the dot of `x-amz-target`; also the service's name in the path of RPC v2 CBOR. */
  readonly target?: string;
  /** Of `application/x-amz-json-*`. */
  readonly jsonVersion?: '1.0' | '1.1';
  /** Before the `#` in an error's `__type`. @default nothing */
  readonly errorNamespace?: string;
  /** Whether errors also carry the code of the former query protocol. */
  readonly queryCompatible?: boolean;
  readonly xmlNamespace?: string;
  /** Output members that are maps, which XML writes as entries. */
  readonly maps?: readonly string[];
  /** Signed for us-east-1 whatever the region. */
  readonly global?: boolean;
}

/** All services that the gateway understands. */
export const wireServices: readonly WireService[] = [
  {
    name: 'dynamodb',
    protocol: 'json',
    target: 'DynamoDB_20120810',
    jsonVersion: '1.0',
    errorNamespace: 'com.amazonaws.dynamodb.v20120810',
  },
  {
    name: 'dynamodbstreams',
    signingName: 'dynamodb',
    protocol: 'json',
    target: 'DynamoDBStreams_20120810',
    jsonVersion: '1.0',
    errorNamespace: 'com.amazonaws.dynamodb.v20120810',
  },
  {
    name: 'sqs',
    protocol: 'json',
    target: 'AmazonSQS',
    jsonVersion: '1.0',
    errorNamespace: 'com.amazonaws.sqs',
    queryCompatible: true,
  },
  { name: 'events', protocol: 'json', target: 'AWSEvents', jsonVersion: '1.1' },
  { name: 'logs', protocol: 'json', target: 'Logs_20140328', jsonVersion: '1.1' },
  { name: 'kms', protocol: 'json', target: 'TrentService', jsonVersion: '1.1' },
  { name: 'states', protocol: 'json', target: 'AWSStepFunctions', jsonVersion: '1.0' },
  {
    name: 'cloudwatch',
    signingName: 'monitoring',
    protocol: 'json',
    target: 'GraniteServiceVersion20100801',
    jsonVersion: '1.0',
    errorNamespace: 'com.amazonaws.cloudwatch',
    queryCompatible: true,
  },
  { name: 'sts', protocol: 'query', xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/', global: true },
  { name: 'iam', protocol: 'query', xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/', global: true },
  {
    name: 'sns',
    protocol: 'query',
    xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    maps: ['Attributes', 'MessageAttributes'],
  },
  { name: 'lambda', protocol: 'rest-json' },
  { name: 'pipes', protocol: 'rest-json' },
  { name: 'scheduler', protocol: 'rest-json' },
  { name: 's3', protocol: 'rest-xml' },
  { name: 'apigateway', protocol: 'rest-json' },
];

const byTarget = new Map(
  wireServices.flatMap((service) => (service.target ? [[service.target, service] as const] : [])),
);
const bySigningName = new Map(
  wireServices.toReversed().map((service) => [service.signingName ?? service.name, service]),
);

/** The service whose `x-amz-target` begins with the prefix. */
export function serviceByTarget(target: string): WireService | undefined {
  return byTarget.get(target);
}

/** The service that a credential scope names. */
export function serviceBySigningName(name: string): WireService | undefined {
  return bySigningName.get(name);
}
