import type { Local } from '../index';
import { isObject } from '../terraform/values';
import type { Graph, GraphEdge, GraphNode } from './graph';
import type { Place, Places } from './places';
import { hintsIn, patternsIn, sampleOf } from './pattern-sample';

/** Something that can be sent into the system, with a body to begin with. */
export interface Sample {
  /** Node that it is sent to, with the method and path for an API. */
  readonly id: string;
  readonly node: string;
  /** `POST /createId`, `Invoke create-user` */
  readonly title: string;
  /** What a person may change before it is sent. */
  readonly body: string;
  /** Headers that the API takes, by their names. */
  readonly headers: readonly string[];
  /** Whether the body must be JSON. */
  readonly isJson: boolean;
  /** A command that sends the same: `BODY` stands for the body, `HEADERS` for the headers. */
  readonly command: string;
  readonly target:
    | { readonly url: string; readonly method: string }
    | {
        readonly service: string;
        readonly operation: string;
        /** Everything but the body. */
        readonly input: Readonly<Record<string, unknown>>;
        /** Where the body goes. */
        readonly member: string;
        /** Whether the body goes there as an object or as text. */
        readonly asObject: boolean;
      };
}

const opened = new Set(['aws_sqs_queue', 'aws_sfn_state_machine']);

/** What can be sent: a request for each method of an API, a call for what nothing else in the system calls. */
export function samplesOf(local: Local, { nodes, edges }: Graph, places: Places): Sample[] {
  const typeOf = new Map(nodes.map(({ id, type }) => [id, type]));
  // A queue or state machine that only functions feed takes from a person what it takes from them.
  const byFunction = ({ from, to, isFailure }: GraphEdge) =>
    !isFailure && typeOf.get(from) === 'aws_lambda_function' && opened.has(typeOf.get(to)!);
  const called = new Set(edges.filter((edge) => !byFunction(edge)).map(({ to }) => to));
  const calling = new Set(edges.filter(({ isFailure }) => !isFailure).map(({ from }) => from));
  const samples = nodes.flatMap((node): Sample[] => {
    const place = places.get(node.id)!;
    if (node.type === 'aws_api_gateway_rest_api') return apiSamples(local, node, place);
    if (node.type === 'aws_dynamodb_table') return calling.has(node.id) ? [putItem(local, node, place)] : [];
    if (node.type === 'aws_cloudwatch_event_bus') return putEvents(local, node, place);
    return called.has(node.id) ? [] : callSamples(local, node, place);
  });
  const isRequest = ({ target }: Sample) => 'url' in target;
  return [...samples.filter(isRequest), ...samples.filter((sample) => !isRequest(sample))];
}

function apiSamples(local: Local, node: GraphNode, { name, attributes }: Place): Sample[] {
  const document = JSON.parse(String(attributes.body)) as Record<string, any>;
  const rules = local.resources.filter(({ type }) => type === 'aws_cloudwatch_event_rule');
  const hints = new Map(rules.flatMap((rule) => patternsIn(rule.attributes)).flatMap((pattern) => hintsIn(pattern)));
  return local.apis
    .filter((api) => api.name === name)
    .flatMap(({ url, methods }) =>
      methods.map(({ httpMethod: method, path, signed }): Sample => {
        const operation = document.paths?.[path]?.[method.toLowerCase()] ?? {};
        const schema = operation.requestBody?.content?.['application/json']?.schema;
        const parameters = (operation.parameters ?? []) as { name: string; in: string }[];
        const signature = signed ? `--aws-sigv4 aws:amz:${local.region}:execute-api --user local:local ` : '';
        return {
          id: `${node.id} ${method} ${path}`,
          node: node.id,
          title: `${method} ${path}`,
          body: schema ? JSON.stringify(valueOf(schema, { document, hints })) : '',
          headers: parameters.filter((parameter) => parameter.in === 'header').map((parameter) => parameter.name),
          isJson: false,
          command: `curl -i ${signature}-X ${method} ${url}${path} -H 'Content-Type: application/json'HEADERS -d BODY`,
          target: { url: url + path, method },
        };
      }),
    );
}

/** What is known beside a schema: the document with its references, and what rules want by name. */
interface Known {
  readonly document: Record<string, any>;
  readonly hints: ReadonlyMap<string, unknown>;
}

/** A value that a JSON schema allows, as far as it can be told; one that a rule wants is preferred. */
function valueOf(schema: Record<string, any>, known: Known, name = ''): unknown {
  if (typeof schema.$ref === 'string') {
    const steps = schema.$ref.split('/').slice(1);
    return valueOf(steps.reduce<any>((inner, step) => inner?.[step], known.document) ?? {}, known, name);
  }
  const given = schema.example ?? schema.default ?? schema.enum?.[0];
  if (given !== undefined) return given;
  if (schema.type === 'object') {
    const properties = Object.entries((schema.properties ?? {}) as Record<string, any>);
    return Object.fromEntries(properties.map(([key, inner]) => [key, valueOf(inner, known, key)]));
  }
  if (schema.type === 'array') return [];
  if (schema.type === 'number' || schema.type === 'integer') return schema.minimum ?? 1;
  if (schema.type === 'boolean') return true;
  const pattern = typeof schema.pattern === 'string' ? new RegExp(schema.pattern) : /^/;
  const candidates = [known.hints.get(name), 'sample', 'SAMPLE', '1', '2026-01-01', 'a@example.com'];
  return candidates.find((text) => typeof text === 'string' && pattern.test(text)) ?? '';
}

/** An item with the table's key, and with what its first filtering reader wants of a new item. */
function putItem(local: Local, node: GraphNode, { name, attributes, arn }: Place): Sample {
  const types = new Map((attributes.attribute as { name: string; type: string }[]).map((it) => [it.name, it.type]));
  const keys = [attributes.hash_key, attributes.range_key].filter((key): key is string => typeof key === 'string');
  const key = keys.map((it) => [it, types.get(it) === 'N' ? { N: '1' } : { [types.get(it)!]: 'sample-1' }]);
  const item = { ...Object.fromEntries(key), ...wantedImage(local, arn) };
  const input = { TableName: name };
  return callSample(local, node, {
    title: `Put into ${node.label}`,
    body: JSON.stringify(item),
    target: { service: 'dynamodb', operation: 'PutItem', input, member: 'Item', asObject: true },
    command: `dynamodb put-item --table-name ${name} --item BODY`,
  });
}

/** Attributes that the filters of a table's stream want, from the arguments of what reads it. */
function wantedImage(local: Local, tableArn: string): Record<string, unknown> {
  for (const { attributes } of local.resources) {
    const source = attributes.event_source_arn ?? attributes.source;
    if (typeof source !== 'string' || !source.startsWith(`${tableArn}/stream/`)) continue;
    const [sample] = patternsIn(attributes).map(sampleOf);
    const image = isObject(sample) && isObject(sample.dynamodb) ? sample.dynamodb.NewImage : undefined;
    if (isObject(image)) return image;
  }
  return {};
}

function putEvents(local: Local, node: GraphNode, { name }: Place): Sample[] {
  const patterns = local.resources.filter(
    ({ type, attributes }) => type === 'aws_cloudwatch_event_rule' && attributes.event_bus_name === name,
  );
  return patterns.slice(0, 5).map(({ attributes, address }) => {
    const [event] = patternsIn(attributes).map((pattern) => sampleOf(pattern) as Record<string, unknown> | undefined);
    const entry = {
      EventBusName: name,
      Source: event?.source ?? 'sample',
      DetailType: event?.['detail-type'] ?? 'Sample',
      Detail: JSON.stringify(event?.detail ?? {}),
    };
    return callSample(local, node, {
      id: `${node.id} ${address}`,
      title: `Put an event for ${String(attributes.name)} on ${node.label}`,
      body: JSON.stringify([entry]),
      target: { service: 'events', operation: 'PutEvents', input: {}, member: 'Entries', asObject: true },
      command: 'events put-events --entries BODY',
    });
  });
}

function callSamples(local: Local, node: GraphNode, { name, arn, attributes }: Place): Sample[] {
  const text = { body: '{}', asObject: false } as const;
  const target = (service: string, operation: string, input: Readonly<Record<string, unknown>>, member: string) => ({
    service,
    operation,
    input,
    member,
    asObject: text.asObject,
  });
  const byType: Readonly<Record<string, () => Sample>> = {
    aws_lambda_function: () =>
      callSample(local, node, {
        title: `Invoke ${node.label}`,
        body: text.body,
        target: target('lambda', 'Invoke', { FunctionName: name }, 'Payload'),
        command: `lambda invoke --function-name ${name} --cli-binary-format raw-in-base64-out --payload BODY /dev/stdout`,
      }),
    aws_sqs_queue: () =>
      callSample(local, node, {
        title: `Send to ${node.label}`,
        body: text.body,
        target: target('sqs', 'SendMessage', { QueueUrl: attributes.url }, 'MessageBody'),
        command: `sqs send-message --queue-url ${attributes.url} --message-body BODY`,
      }),
    aws_sns_topic: () =>
      callSample(local, node, {
        title: `Publish to ${node.label}`,
        body: text.body,
        target: target('sns', 'Publish', { TopicArn: arn }, 'Message'),
        command: `sns publish --topic-arn ${arn} --message BODY`,
      }),
    aws_sfn_state_machine: () =>
      callSample(local, node, {
        title: `Start ${node.label}`,
        body: text.body,
        target: target('states', 'StartExecution', { stateMachineArn: arn }, 'input'),
        command: `stepfunctions start-execution --state-machine-arn ${arn} --input BODY`,
      }),
  };
  const make = byType[node.type];
  return make ? [make()] : [];
}

function callSample(
  { endpoint, region }: Local,
  node: GraphNode,
  { command, ...sample }: Pick<Sample, 'title' | 'body' | 'target' | 'command'> & Partial<Sample>,
): Sample {
  const aws = `AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws --endpoint-url ${endpoint} --region ${region}`;
  const isJson = !/^(?:sqs|sns)\b/.test(command);
  return { id: node.id, node: node.id, headers: [], isJson, command: `${aws} ${command}`, ...sample };
}
