/** Asks the API of AWS, as a mock answers it: signatures are not looked at, only service and region. */
export interface Api {
  /** An operation of a service with a JSON protocol, such as `('dynamodb', 'DynamoDB_20120810.ListTables')`. */
  call(service: string, target: string, input?: object): Promise<any>;
  /** What a service with a REST protocol answers to GET. */
  get(service: string, path: string): Promise<any>;
  /** Texts of an element in what a service with a REST protocol in XML answers to GET. */
  list(service: string, path: string, element: string): Promise<string[]>;
  /** Texts of an element in what a service with the Query protocol answers. */
  query(service: string, parameters: Record<string, string>, element: string): Promise<string[]>;
}

/** @param endpoint of the mock */
export function apiOf(endpoint: string, region: string): Api {
  const ask = async (service: string, path: string, init: { method: string; headers?: object; body?: string }) => {
    const Authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    const response = await fetch(`${endpoint}${path}`, { ...init, headers: { Authorization, ...init.headers } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${service} ${path} ${init.body ?? ''}: ${response.status} ${text}`);
    return text;
  };
  return {
    async call(service, target, input = {}) {
      const headers = { 'X-Amz-Target': target, 'Content-Type': 'application/x-amz-json-1.0' };
      return JSON.parse(await ask(service, '/', { method: 'POST', headers, body: JSON.stringify(input) }));
    },
    async get(service, path) {
      return JSON.parse(await ask(service, path, { method: 'GET' }));
    },
    async query(service, parameters, element) {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const xml = await ask(service, '/', { method: 'POST', headers, body: String(new URLSearchParams(parameters)) });
      return texts(xml, element);
    },
    async list(service, path, element) {
      return texts(await ask(service, path, { method: 'GET' }), element);
    },
  };
}

function texts(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text]) => text!);
}
