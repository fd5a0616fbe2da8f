import conditionParser, { type Context, type Options, type ParsedCondition } from 'dynalite/db/conditionParser';

/*
 * dynalite's parser of conditions backtracks so much that it takes longer than all the rest of a write. The same text
 * with the same names and the same types of values parses the same, so it is parsed once and filled with the values.
 */

interface Template {
  readonly parsed: ParsedCondition;
  readonly slots: ReadonlyMap<unknown, string>;
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** Texts of conditions are written in programs: there are not many of them. */
const maxTemplates = 1000;

/** What the parser decides by a value and not only by its type. */
const dependsOnValues = /between|attribute_type/i;

const templates = new Map<string, Template>();
const parser = { parse: conditionParser.parse };

/** Makes dynalite parse conditions as said above. */
export function reuseParsedConditions(): void {
  conditionParser.parse = parseOnce;
}

function parseOnce(text: string, options: Options): ParsedCondition | string {
  const { context } = options;
  if (dependsOnValues.test(text)) return parser.parse(text, options);
  const key = templateKey(text, context);
  const known = templates.get(key);
  if (!known) return learn(key, text, options);
  for (const name of known.names) delete context.unusedAttrNames[name];
  for (const value of known.values) delete context.unusedAttrVals[value];
  return filled(known, context);
}

function templateKey(text: string, { attrNames, attrVals }: Context): string {
  const types = Object.entries(attrVals ?? {}).map(([name, value]) => `${name} ${Object.keys(value).join(' ')}`);
  return JSON.stringify([text, attrNames, types]);
}

function learn(key: string, text: string, options: Options): ParsedCondition | string {
  const { context } = options;
  const before = { names: Object.keys(context.unusedAttrNames), values: Object.keys(context.unusedAttrVals) };
  const parsed = parser.parse(text, options);
  if (typeof parsed === 'string') return parsed;
  const template: Template = {
    parsed,
    slots: new Map(Object.entries(context.attrVals ?? {}).map(([name, value]) => [value, name])),
    names: before.names.filter((name) => !(name in context.unusedAttrNames)),
    values: before.values.filter((value) => !(value in context.unusedAttrVals)),
  };
  if (templates.size >= maxTemplates) templates.clear();
  templates.set(key, template);
  return filled(template, context);
}

function filled({ parsed, slots }: Template, { attrVals = {} }: Context): ParsedCondition {
  const fill = (node: unknown): unknown => {
    const slot = slots.get(node);
    if (slot !== undefined) return attrVals[slot];
    if (Array.isArray(node)) return node.map(fill);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, fill(member)]));
  };
  return { ...parsed, expression: fill(parsed.expression) };
}
