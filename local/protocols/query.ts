import type { AwsError } from '../aws-error';
import type { HttpRequest, HttpResponse, WireCall } from './http';
import type { WireService } from './services';

type Node = { [key: string]: Node | string };

// oxlint-disable-next-line no-control-regex -- XML 1.0 has no way to write these
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/** Parameters of a form body, or of the query string of a GET. */
export function formParameters(request: HttpRequest): URLSearchParams {
  return request.body.length > 0 ? new URLSearchParams(request.body.toString('utf8')) : request.query;
}

/** Reads a call of the AWS query protocol: `Action=Publish&TopicArn=...`; all values are strings. */
export function readQuery(parameters: URLSearchParams, service: WireService): WireCall {
  const root: Node = Object.create(null) as Node;
  for (const [name, value] of parameters) {
    if (name !== 'Action' && name !== 'Version' && !name.startsWith('X-Amz-')) insert(root, name.split('.'), value);
  }
  const operation = parameters.get('Action')!;
  return {
    service: service.name,
    operation,
    input: collapse(root),
    success: (output, requestId) => ({
      status: 200,
      headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId },
      body:
        `<${operation}Response xmlns="${service.xmlNamespace}">` +
        (output === undefined
          ? ''
          : `<${operation}Result>${members(output as object, service.maps ?? [])}</${operation}Result>`) +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
    }),
  };
}

/** Writes an error as the query protocol does. */
export function writeQueryError(service: WireService | undefined, error: AwsError, requestId: string): HttpResponse {
  const namespace = service?.xmlNamespace ? ` xmlns="${service.xmlNamespace}"` : '';
  return {
    status: error.status,
    headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId },
    body:
      `<ErrorResponse${namespace}><Error><Type>${error.status < 500 ? 'Sender' : 'Receiver'}</Type>` +
      `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error>` +
      `<RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}

function insert(node: Node, path: readonly string[], value: string): void {
  const [head, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) {
    node[head] = value;
    return;
  }
  const child = node[head];
  const next = typeof child === 'object' ? child : (Object.create(null) as Node);
  node[head] = next;
  insert(next, rest, value);
}

/** `member.1` becomes a list, `entry.1.key/value` (or `Name/Value`) a map. */
function collapse(node: Node | string): unknown {
  if (typeof node === 'string') return node;
  const keys = Object.keys(node);
  if (keys.length === 1 && keys[0] === 'member') return list(node.member!);
  if (keys.length === 1 && keys[0] === 'entry') {
    const entries = list(node.entry!) as Record<string, unknown>[];
    return Object.fromEntries(entries.map((entry) => [String(entry.key ?? entry.Name), entry.value ?? entry.Value]));
  }
  return Object.fromEntries(keys.map((key) => [key, collapse(node[key]!)]));
}

function list(node: Node | string): unknown[] {
  if (typeof node === 'string') return [node];
  return Object.keys(node)
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => collapse(node[key]!));
}

function members(value: object, maps: readonly string[]): string {
  return Object.entries(value)
    .map(([name, member]) => element(name, member, maps))
    .join('');
}

function element(name: string, value: unknown, maps: readonly string[]): string {
  if (value === undefined || value === null) return '';
  return `<${name}>${content(name, value, maps)}</${name}>`;
}

function content(name: string, value: unknown, maps: readonly string[]): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((item) => element('member', item, maps)).join('');
  if (typeof value !== 'object' || value === null) return escapeXml(String(value));
  if (!maps.includes(name)) return members(value, maps);
  return Object.entries(value)
    .map(([key, item]) => `<entry>${element('key', key, maps)}${element('value', item, maps)}</entry>`)
    .join('');
}

/** Text as XML writes it. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => escapes[character]!).replace(unwritable, '\ufffd');
}
