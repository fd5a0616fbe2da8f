import Ajv, { type ErrorObject } from 'ajv-draft-04';

/** Checks a body against the model of its content type; returns what is wrong, in API Gateway's wording. */
export type BodyCheck = (body: string) => string | undefined;

/**
 * Prepares checks of bodies against JSON Schema draft 4, which API Gateway's models are.
 *
 * @param document the OpenAPI document: schemas refer to `#/components/schemas/...`
 */
export function bodyChecks(document: object): (schema: object) => BodyCheck {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, verbose: true, addUsedSchema: false });
  ajv.addSchema({ components: (document as { components?: object }).components ?? {} }, 'api');
  return (schema) => {
    const validate = ajv.compile(absolute(schema) as object);
    return (body) => {
      let value: unknown;
      try {
        value = JSON.parse(body || '{}');
      } catch (error) {
        return `[${(error as Error).message}]`;
      }
      return validate(value) ? undefined : `[${describe(validate.errors!).join(', ')}]`;
    };
  };
}

function absolute(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(absolute);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? `api${value}` : absolute(value),
    ]),
  );
}

/** The wording of the validator that API Gateway uses (fge json-schema-validator). */
function describe(errors: readonly ErrorObject[]): string[] {
  const grouped = new Map<string, string[]>();
  const messages: string[] = [];
  for (const error of errors) {
    if (error.keyword !== 'required' && error.keyword !== 'additionalProperties') {
      messages.push(sentence(error));
      continue;
    }
    const key = `${error.keyword} ${error.instancePath}`;
    const name = String(error.params[error.keyword === 'required' ? 'missingProperty' : 'additionalProperty']);
    const names = grouped.get(key);
    if (names) names.push(name);
    else grouped.set(key, [name]);
  }
  for (const [key, names] of grouped) {
    const list = `([${names.map((name) => JSON.stringify(name)).join(', ')}])`;
    messages.push(
      key.startsWith('required')
        ? `object has missing required properties ${list}`
        : `object instance has properties which are not allowed by the schema: ${list.slice(1, -1)}`,
    );
  }
  return messages;
}

function sentence({ keyword, params, data, message }: ErrorObject): string {
  switch (keyword) {
    case 'type': {
      const allowed = [params.type as string | string[]].flat().map((type) => JSON.stringify(type));
      return `instance type (${typeOf(data)}) does not match any allowed primitive type (allowed: [${allowed.join(', ')}])`;
    }
    case 'pattern':
      return `ECMA 262 regex ${JSON.stringify(params.pattern)} does not match input string ${JSON.stringify(data)}`;
    case 'enum':
      return `instance value (${JSON.stringify(data)}) not found in enum (possible values: ${JSON.stringify(params.allowedValues)})`;
    case 'minLength':
      return `string ${JSON.stringify(data)} is too short (length: ${length(data)}, required minimum: ${params.limit})`;
    case 'maxLength':
      return `string ${JSON.stringify(data)} is too long (length: ${length(data)}, maximum allowed: ${params.limit})`;
    default:
      return message ?? keyword;
  }
}

function length(data: unknown): number {
  return Array.from(String(data)).length;
}

function typeOf(data: unknown): string {
  if (data === null) return 'null';
  if (Array.isArray(data)) return 'array';
  return Number.isInteger(data) ? 'integer' : typeof data;
}
