import { Compile, Helper, parse } from 'velocityjs';
import { callJava, escapeJavaScript, isEqual, isTrue, text } from './java';
import { jsonPath } from './json-path';

/** A mapping template, parsed. */
export type Template = ReturnType<typeof parse>;

/** Parameters of the method request, by the names that templates use. */
export interface RequestParameters {
  readonly path: Readonly<Record<string, string>>;
  readonly querystring: Readonly<Record<string, string>>;
  /** Names as the client spelled them. */
  readonly header: Readonly<Record<string, string>>;
}

/** What `#set($context...)` may change; each once. */
export interface Overrides {
  readonly requestOverride: Readonly<Record<'header' | 'path' | 'querystring', Record<string, unknown>>>;
  readonly responseOverride: { readonly header: Record<string, unknown>; status?: unknown };
}

/** What a template can refer to. */
export interface Variables {
  /** Body of the request, or of the integration's response. */
  readonly body: string;
  readonly params: RequestParameters;
  /** `$context`; missing members are rendered as an empty text. */
  readonly context: Readonly<Record<string, unknown>> & Overrides;
  readonly stageVariables: Readonly<Record<string, string>>;
}

/** The body is not JSON although the template reads it as such. */
export class BodyNotJson extends Error {}

/** @throws Error with line and column for a template that is not VTL */
export function parseTemplate(source: string): Template {
  return parse(source);
}

/**
 * Renders a mapping template as API Gateway does.
 *
 * Source: API Gateway developer guide, "Variables for data transformations"; Velocity 1.7 user guide.
 *
 * @throws Error for what the template must not do, BodyNotJson
 */
export function render(template: Template, variables: Variables): string {
  const { context, stageVariables } = variables;
  return new Rendering(template).render({ input: new Input(variables), util: new Util(), context, stageVariables });
}

/** `$input` */
class Input {
  private parsed: unknown;

  constructor(private readonly variables: Variables) {}

  get body(): string {
    return this.variables.body;
  }

  path(path: string): unknown {
    return jsonPath(this.document(), path) ?? '';
  }

  json(path: string): string {
    return JSON.stringify(jsonPath(this.document(), path) ?? '');
  }

  params(name?: string): unknown {
    const { path, querystring, header } = this.variables.params;
    if (name === undefined) return { path, querystring, header };
    for (const source of [path, querystring, header]) if (Object.hasOwn(source, name)) return source[name];
    return '';
  }

  private document(): unknown {
    if (this.parsed !== undefined) return this.parsed;
    try {
      this.parsed = JSON.parse(this.variables.body || '{}');
    } catch (error) {
      throw new BodyNotJson((error as Error).message);
    }
    return this.parsed;
  }
}

/** `$util` */
class Util {
  escapeJavaScript(value: unknown): string {
    return escapeJavaScript(text(value));
  }

  parseJson(json: string): unknown {
    return JSON.parse(json);
  }

  urlEncode(value: string): string {
    return new URLSearchParams([['', value]]).toString().slice(1);
  }

  urlDecode(value: string): string {
    return decodeURIComponent(value.replaceAll('+', ' '));
  }

  base64Encode(value: string): string {
    return Buffer.from(value, 'utf8').toString('base64');
  }

  base64Decode(value: string): string {
    return Buffer.from(value, 'base64').toString('utf8');
  }
}

const inputMethods = new Set(['path', 'json', 'params']);
const utilMethods = new Set([
  'escapeJavaScript',
  'parseJson',
  'urlEncode',
  'urlDecode',
  'base64Encode',
  'base64Decode',
]);

interface Ast {
  readonly type: string;
  readonly id: string;
  readonly leader: string;
  readonly path?: readonly Ast[];
  /** False for a call without arguments. */
  readonly args?: readonly Ast[] | false;
  readonly condition: Ast;
  readonly operator: string;
  readonly expression: readonly Ast[];
  readonly equal: readonly [Ast, Ast];
}

/** Velocity with the semantics of Java where those of JavaScript differ. */
class Rendering extends (Compile as unknown as new (template: Template) => {
  render(context: object): string;
  getReferences(ast: Ast, isValue?: boolean): unknown;
  getPropMethod(property: Ast, base: unknown, ast: Ast): unknown;
  getLiteral(ast: Ast): unknown;
  getExpression(ast: Ast): unknown;
  getBlockIf(block: readonly Ast[]): string;
  getPathKeys(ast: Ast): string[];
  setValue(ast: Ast): void;
  renderAstList(list: readonly Ast[], contextId: string): string;
  readonly context: Record<string, unknown> & { readonly context: Overrides };
  readonly contextId: string;
}) {
  override getReferences(ast: Ast, isValue = false): unknown {
    const value =
      super.getReferences(ast, false) ?? (ast.id === 'context' || ast.id === 'stageVariables' ? '' : undefined);
    if (value !== undefined) return isValue ? text(value) : value;
    if (!isValue) return undefined;
    return ast.leader === '$!' ? '' : Helper.getRefText(ast as never);
  }

  override getPropMethod(property: Ast, base: unknown): unknown {
    const parameters = (property.args || []).map((argument) => this.getLiteral(argument));
    const own = (base instanceof Input && inputMethods) || (base instanceof Util && utilMethods);
    if (!own) return callJava(base, property.id, parameters);
    if (!own.has(property.id))
      throw new Error(`.${property.id}() is not a method of $${base instanceof Input ? 'input' : 'util'}`);
    return (base as unknown as Record<string, (...values: unknown[]) => unknown>)[property.id]!(...parameters);
  }

  override getBlockIf(block: readonly Ast[]): string {
    const branch: Ast[] = [];
    let taken = false;
    for (const ast of block) {
      if (ast.type === 'if' || ast.type === 'elseif' || ast.type === 'else') {
        if (taken) break;
        taken = ast.type === 'else' || isTrue(this.getExpression(ast.condition));
      } else if (taken) branch.push(ast);
    }
    return this.renderAstList(branch, this.contextId);
  }

  override getExpression(ast: Ast): unknown {
    if (ast.type !== 'math') return this.getLiteral(ast);
    const value = (index: number) => this.getExpression(ast.expression[index]!);
    switch (ast.operator) {
      case '||':
        return isTrue(value(0)) || isTrue(value(1));
      case '&&':
        return isTrue(value(0)) && isTrue(value(1));
      case 'not':
        return !isTrue(value(0));
      case '==':
        return isEqual(value(0), value(1));
      case '!=':
        return !isEqual(value(0), value(1));
      default:
        return super.getExpression(ast);
    }
  }

  override setValue(ast: Ast): void {
    const [reference, expression] = ast.equal;
    if (reference.id !== 'context') {
      super.setValue(ast);
      return;
    }
    override(this.context.context, this.getPathKeys(reference), this.getExpression(expression));
  }
}

/** "Overrides are final": API Gateway developer guide, "Override your API's request and response parameters". */
function override(context: Overrides, path: readonly string[], value: unknown): void {
  const [kind, part, name, ...more] = path;
  const status = kind === 'responseOverride' && part === 'status' && name === undefined;
  const parts = kind === 'requestOverride' ? ['header', 'path', 'querystring'] : ['header'];
  const named =
    (kind === 'requestOverride' || kind === 'responseOverride') && parts.includes(part!) && name !== undefined;
  if ((!status && !named) || more.length > 0) throw new Error(`$context.${path.join('.')} cannot be set`);
  const target = (
    status ? context.responseOverride : (context[kind as 'requestOverride'] as never)[part as never]
  ) as Record<string, unknown>;
  const key = status ? 'status' : name!;
  if (Object.hasOwn(target, key)) throw new Error(`$context.${path.join('.')} is set twice: an override is final`);
  target[key] = value;
}
