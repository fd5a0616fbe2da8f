/** Where Terraform keeps its state. */
export type StateBackend = 'local' | 's3' | 'cloud';

/** Everything in which two environments may differ. */
export interface Settings {
  /** Second part of every resource name, and the row of defaults. */
  readonly environment: Environment;
  /** First part of every resource name: lower-case letters, digits and dashes, 2 to 20 characters. */
  readonly project: string;
  /** AWS region of everything, the state's bucket included. */
  readonly region: string;
  /** Where the state of all stacks but `state-backend` lies. */
  readonly stateBackend: StateBackend;
  /** S3 bucket of the `s3` backend; its name is unique in all of AWS. */
  readonly stateBucket: string;
  /** Organization of the `cloud` backend (HCP Terraform); required there, unused elsewhere. */
  readonly stateOrganization?: string | undefined;
  /** Project of HCP Terraform in which the `cloud` backend makes its workspaces. @default the organization's default project */
  readonly stateProject?: string | undefined;
  /** Where `state-backend` keeps its own state: a file at first, then the bucket that it made. */
  readonly backendState: 'local' | 's3';
  /**
   * GitHub repository whose workflows plan and deploy: makes the stack `github-access`. `owner/name`, or `owner@id/name@id` where its tokens
   * have the ids. @default no such stack
   */
  readonly githubRepository?: string | undefined;
  /** Whether `github-access` makes the account's identity provider for GitHub, of which there is one at most. */
  readonly githubProvider: 'new' | 'existing';
  /** Whether all roles carry the permissions boundary that `github-access` makes, without which the workflows may make none. */
  readonly permissionsBoundary: boolean;
  /** Tables refuse to be deleted; Terraform refuses to destroy tables, keys, buckets, buses, archives and queues. */
  readonly removalProtection: boolean;
  /** One of the periods that CloudWatch Logs accepts. */
  readonly logRetentionDays: number;
  /** Steady requests per second of the API. */
  readonly throttlingRate: number;
  /** Requests that the API takes at once. */
  readonly throttlingBurst: number;
  /** `NONE` lets anyone write orders; `AWS_IAM` wants signed requests. */
  readonly apiAuthorization: 'NONE' | 'AWS_IAM';
  /** Who is mailed when an alarm goes off. @default nobody */
  readonly alarmEmail?: string | undefined;
  /** Who is mailed the messages that `notifications` sends. @default nobody */
  readonly notificationEmail?: string | undefined;
  /** Minutes between two runs that redeliver what could not be sent. */
  readonly retryRateMinutes: number;
  /** MB */
  readonly functionMemory: number;
  /** Lambda's name for the Node.js that functions run on. */
  readonly functionRuntime: 'nodejs22.x' | 'nodejs24.x';
  /** The largest message that queues take, in bytes: 1 MiB, or 256 KiB for a Terraform AWS provider before 6. */
  readonly maxMessageSize: number;
  /** `PROVISIONED` is 5 read and 5 write units per table. */
  readonly tableBilling: 'PAY_PER_REQUEST' | 'PROVISIONED';
}

const environments = ['dev', 'staging', 'prod'] as const;
/** The environments that there are defaults for. */
export type Environment = (typeof environments)[number];

const common = {
  project: 'outbox',
  region: 'eu-central-1',
  stateBackend: 's3',
  backendState: 'local',
  githubProvider: 'new',
  permissionsBoundary: false,
  logRetentionDays: 30,
  retryRateMinutes: 5,
  functionMemory: 256,
  functionRuntime: 'nodejs24.x',
  maxMessageSize: 1_048_576,
  tableBilling: 'PAY_PER_REQUEST',
} as const;

/** The environments as one table; a variable `OUTBOX_*` overrides a single value. */
const defaults: Record<Environment, Omit<Settings, 'environment' | 'stateBucket'>> = {
  dev: {
    ...common,
    removalProtection: false,
    throttlingRate: 1000,
    throttlingBurst: 500,
    apiAuthorization: 'NONE',
  },
  staging: {
    ...common,
    removalProtection: true,
    throttlingRate: 1000,
    throttlingBurst: 500,
    apiAuthorization: 'AWS_IAM',
  },
  prod: {
    ...common,
    removalProtection: true,
    throttlingRate: 10_000,
    throttlingBurst: 5000,
    apiAuthorization: 'AWS_IAM',
  },
};

/** Raised by {@link loadSettings}; the message has a line for each fault. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly faults: readonly string[]) {
    super(`${faults.length} wrong setting${faults.length > 1 ? 's' : ''}:\n${faults.map((f) => `  ${f}`).join('\n')}`);
  }
}

/** How a variable's text becomes a value: the value, or undefined where the text is not allowed. */
interface Rule {
  readonly setting: Exclude<keyof Settings, 'environment'>;
  readonly allowed: string;
  parse(text: string): unknown;
}

const matching = (pattern: RegExp) => (text: string) => (pattern.test(text) ? text : undefined);
const oneOf = (...values: string[]) => ({
  allowed: values.join(', '),
  parse: (text: string) => values.find((value) => value === text),
});
const integer = (min: number, max: number) => ({
  allowed: `a whole number from ${min} to ${max}`,
  parse: (text: string) => (/^\d{1,9}$/.test(text) && +text >= min && +text <= max ? +text : undefined),
});

const yesOrNo = {
  allowed: 'true, false',
  parse: (text: string) => (text === 'true' ? true : text === 'false' ? false : undefined),
};

const email = {
  allowed: 'an e-mail address',
  parse: matching(/^[^\s@${}%"\\]+@[^\s@${}%"\\]+\.[a-zA-Z]{2,63}$/),
};

/** Retention periods of CloudWatch Logs (PutRetentionPolicy in its API reference). */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * Prefixes and suffixes that AWS keeps are left out; `.mrap` is, with all dots.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
const bucketName =
  /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9](?<!-s3alias|--ol-s3|--x-s3|--table-s3)$/;

/** Each variable, what it sets and what it may hold. */
export const variables: Readonly<Record<string, Rule>> = {
  OUTBOX_PROJECT: {
    setting: 'project',
    allowed:
      '2 to 20 lower-case letters, digits and dashes, a letter first; not beginning with xn--, sthree or amzn-s3-demo, ' +
      'with which no bucket may begin',
    parse: matching(/^(?!xn--|sthree(?:-|$)|amzn-s3-demo(?:-|$))[a-z][a-z0-9-]{0,18}[a-z0-9]$/),
  },
  OUTBOX_REGION: {
    setting: 'region',
    allowed:
      'an AWS region such as eu-central-1; not in China or an isolated partition, whose services have other names',
    parse: matching(/^(?!cn-|us-iso|eu-isoe)[a-z]{2}(-[a-z]+){1,2}-\d$/),
  },
  OUTBOX_STATE_BACKEND: { setting: 'stateBackend', ...oneOf('local', 's3', 'cloud') },
  OUTBOX_STATE_BUCKET: {
    setting: 'stateBucket',
    allowed:
      'an S3 bucket name: 3 to 63 lower-case letters, digits and dashes, not beginning with xn--, sthree- or amzn-s3-demo- ' +
      'and not ending with -s3alias, --ol-s3, --x-s3 or --table-s3',
    parse: matching(bucketName),
  },
  OUTBOX_STATE_ORGANIZATION: {
    setting: 'stateOrganization',
    allowed: 'an HCP Terraform organization: letters, digits, dashes and underscores',
    parse: matching(/^[\w-]{3,40}$/),
  },
  OUTBOX_STATE_PROJECT: {
    setting: 'stateProject',
    allowed: 'a project of HCP Terraform: 3 to 40 letters, digits, spaces, dashes and underscores',
    parse: matching(/^[\w-][\w -]{1,38}[\w-]$/),
  },
  OUTBOX_BACKEND_STATE: { setting: 'backendState', ...oneOf('local', 's3') },
  OUTBOX_GITHUB_REPOSITORY: {
    setting: 'githubRepository',
    allowed: 'owner/name of a GitHub repository, or owner@id/name@id if its tokens say so; a name is not . or ..',
    parse: matching(
      /^(?=[^@]+$|[^@]+@\d+\/[^@]+@\d+$)[a-zA-Z\d](-?[a-zA-Z\d]){0,38}(@\d{1,20})?\/(?!\.{1,2}(?:@|$))[\w.-]{1,100}(@\d{1,20})?$/,
    ),
  },
  OUTBOX_GITHUB_PROVIDER: { setting: 'githubProvider', ...oneOf('new', 'existing') },
  OUTBOX_PERMISSIONS_BOUNDARY: { setting: 'permissionsBoundary', ...yesOrNo },
  OUTBOX_REMOVAL_PROTECTION: { setting: 'removalProtection', ...yesOrNo },
  OUTBOX_LOG_RETENTION_DAYS: {
    setting: 'logRetentionDays',
    allowed: retentionDays.join(', '),
    parse: (text) => retentionDays.find((days) => String(days) === text),
  },
  OUTBOX_THROTTLING_RATE: { setting: 'throttlingRate', ...integer(1, 10_000) },
  OUTBOX_THROTTLING_BURST: { setting: 'throttlingBurst', ...integer(1, 5000) },
  OUTBOX_API_AUTHORIZATION: { setting: 'apiAuthorization', ...oneOf('NONE', 'AWS_IAM') },
  OUTBOX_ALARM_EMAIL: { setting: 'alarmEmail', ...email },
  OUTBOX_NOTIFICATION_EMAIL: { setting: 'notificationEmail', ...email },
  OUTBOX_RETRY_RATE_MINUTES: { setting: 'retryRateMinutes', ...integer(1, 1440) },
  OUTBOX_FUNCTION_MEMORY: { setting: 'functionMemory', ...integer(128, 10_240) },
  OUTBOX_FUNCTION_RUNTIME: { setting: 'functionRuntime', ...oneOf('nodejs22.x', 'nodejs24.x') },
  OUTBOX_MAX_MESSAGE_SIZE: {
    setting: 'maxMessageSize',
    allowed: '262144, 1048576',
    parse: (text) => [262_144, 1_048_576].find((bytes) => String(bytes) === text),
  },
  OUTBOX_TABLE_BILLING: { setting: 'tableBilling', ...oneOf('PAY_PER_REQUEST', 'PROVISIONED') },
};

/**
 * The settings of the environment that `OUTBOX_ENVIRONMENT` names (default `dev`), with single values
 * overridden by the other `OUTBOX_*` variables.
 *
 * @param env such as `process.env`
 * @throws SettingsError with every fault: the variable, the value got, what is allowed
 */
export function loadSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const faults: string[] = [];
  const fault = (name: string, got: string, allowed: string) =>
    faults.push(`${name}: got ${JSON.stringify(got)}, allowed: ${allowed}`);

  const wanted = env.OUTBOX_ENVIRONMENT ?? 'dev';
  const environment = environments.find((name) => name === wanted);
  if (!environment) fault('OUTBOX_ENVIRONMENT', wanted, environments.join(', '));

  const overrides: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('OUTBOX_') || name === 'OUTBOX_ENVIRONMENT' || text === undefined) continue;
    const rule = variables[name];
    const value = rule?.parse(text);
    if (!rule)
      faults.push(`${name}: no such setting; there are OUTBOX_ENVIRONMENT, ${Object.keys(variables).join(', ')}`);
    else if (value === undefined) fault(name, text, rule.allowed);
    else overrides[rule.setting] = value;
  }

  const merged = { ...defaults[environment ?? 'dev'], ...overrides };
  if (merged.stateBackend === 'cloud' && !merged.stateOrganization) {
    fault(
      'OUTBOX_STATE_ORGANIZATION',
      '',
      `required by the cloud backend: ${variables.OUTBOX_STATE_ORGANIZATION!.allowed}`,
    );
  }
  if (faults.length) throw new SettingsError(faults);
  return {
    environment: environment!,
    stateBucket: `${merged.project}-${environment}-terraform-state`,
    ...merged,
  };
}
