/** What happens to a resource, as a plan of Terraform says it. */
export type Action = 'create' | 'update' | 'replace' | 'destroy' | 'forget';

/** A change of one resource: names only, for the values may be secret. */
export interface Change {
  /** Terraform's, such as `aws_sqs_queue.name`. */
  readonly address: string;
  readonly action: Action;
  /** Attributes that differ, or, of a replacement, those that force it. */
  readonly attributes: readonly string[];
}

/** A stack's plan: its changes, or that there is none because Terraform failed. */
export type PlanSummary =
  | { readonly stack: string; readonly changes: readonly Change[] }
  | { readonly stack: string; readonly failed: true };

/** The part of `terraform show -json <plan>` that is read ("JSON Output Format" in Terraform's documentation). */
export interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: Readonly<Record<string, unknown>> | null;
      readonly after: Readonly<Record<string, unknown>> | null;
      readonly after_unknown?: Readonly<Record<string, unknown>> | boolean;
      readonly replace_paths?: readonly (readonly (string | number)[])[];
    };
  }[];
}

type ResourceChange = NonNullable<PlanJson['resource_changes']>[number]['change'];

/** The changes that a plan makes to resources, without any value. */
export function summarize(stack: string, { resource_changes: all = [] }: PlanJson): PlanSummary {
  const changes = all
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ address, change }) => {
      const action = actionOf(address, change.actions);
      return action ? [{ address, action, attributes: attributesOf(action, change) }] : [];
    });
  return { stack, changes };
}

function actionOf(address: string, actions: readonly string[]): Action | undefined {
  const known: Readonly<Record<string, Action | undefined>> = {
    create: 'create',
    update: 'update',
    delete: 'destroy',
    'delete,create': 'replace',
    'create,delete': 'replace',
    // A resource that is made anew while Terraform lets go of the old one.
    'create,forget': 'replace',
    forget: 'forget',
  };
  const name = actions.join(',');
  if (name === 'no-op' || name === 'read') return undefined;
  const action = known[name];
  if (!action) throw new Error(`${address}: the plan has the actions ${name}, which are not known here`);
  return action;
}

function attributesOf(
  action: Action,
  { before, after, after_unknown: unknown, replace_paths: forced = [] }: ResourceChange,
) {
  if (action === 'replace') return [...new Set(forced.map(([first]) => String(first)))];
  if (action !== 'update') return [];
  const later = typeof unknown === 'object' ? unknown : {};
  const names = Object.keys({ ...before, ...after, ...later });
  return names.filter(
    (name) => isUnknown(later[name]) || JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]),
  );
}

/** Whether any part of a value will be known after the apply only; Terraform writes an empty list or object if none is. */
function isUnknown(mark: unknown): boolean {
  if (typeof mark === 'object' && mark !== null) return Object.values(mark).some(isUnknown);
  return mark === true;
}
