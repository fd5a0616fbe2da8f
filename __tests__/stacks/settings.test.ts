import { loadSettings, SettingsError, variables } from '../../stacks/settings';

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

test('dev is the default; staging and prod protect their data and want signed requests', () => {
  expect(loadSettings({})).toMatchObject({ environment: 'dev', removalProtection: false, apiAuthorization: 'NONE' });
  for (const OUTBOX_ENVIRONMENT of ['staging', 'prod']) {
    expect(loadSettings({ OUTBOX_ENVIRONMENT })).toMatchObject({
      environment: OUTBOX_ENVIRONMENT,
      removalProtection: true,
      apiAuthorization: 'AWS_IAM',
    });
  }
});

test('each variable overrides its setting', () => {
  const settings = loadSettings({
    OUTBOX_ENVIRONMENT: 'prod',
    OUTBOX_PROJECT: 'shop',
    OUTBOX_REGION: 'us-gov-west-1',
    OUTBOX_STATE_BACKEND: 'cloud',
    OUTBOX_STATE_BUCKET: 'shop-state',
    OUTBOX_STATE_ORGANIZATION: 'acme',
    OUTBOX_STATE_PROJECT: 'Web Shop',
    OUTBOX_BACKEND_STATE: 's3',
    OUTBOX_GITHUB_REPOSITORY: 'acme/web.shop',
    OUTBOX_GITHUB_PROVIDER: 'existing',
    OUTBOX_PERMISSIONS_BOUNDARY: 'true',
    OUTBOX_REMOVAL_PROTECTION: 'false',
    OUTBOX_LOG_RETENTION_DAYS: '90',
    OUTBOX_THROTTLING_RATE: '7',
    OUTBOX_THROTTLING_BURST: '9',
    OUTBOX_API_AUTHORIZATION: 'NONE',
    OUTBOX_ALARM_EMAIL: 'on-call@example.com',
    OUTBOX_NOTIFICATION_EMAIL: 'news@example.com',
    OUTBOX_RETRY_RATE_MINUTES: '15',
    OUTBOX_FUNCTION_MEMORY: '512',
    OUTBOX_FUNCTION_RUNTIME: 'nodejs22.x',
    OUTBOX_MAX_MESSAGE_SIZE: '262144',
    OUTBOX_TABLE_BILLING: 'PROVISIONED',
  });
  expect(settings).toEqual({
    environment: 'prod',
    project: 'shop',
    region: 'us-gov-west-1',
    stateBackend: 'cloud',
    stateBucket: 'shop-state',
    stateOrganization: 'acme',
    stateProject: 'Web Shop',
    backendState: 's3',
    githubRepository: 'acme/web.shop',
    githubProvider: 'existing',
    permissionsBoundary: true,
    removalProtection: false,
    logRetentionDays: 90,
    throttlingRate: 7,
    throttlingBurst: 9,
    apiAuthorization: 'NONE',
    alarmEmail: 'on-call@example.com',
    notificationEmail: 'news@example.com',
    retryRateMinutes: 15,
    functionMemory: 512,
    functionRuntime: 'nodejs22.x',
    maxMessageSize: 262_144,
    tableBilling: 'PROVISIONED',
  });
  expect(
    Object.values(variables)
      .map(({ setting }) => setting)
      .sort(),
  ).toEqual(
    Object.keys(settings)
      .filter((setting) => setting !== 'environment')
      .sort(),
  );
});

test('the state bucket is named after project and environment', () => {
  expect(loadSettings({ OUTBOX_PROJECT: 'shop', OUTBOX_ENVIRONMENT: 'staging' }).stateBucket).toBe(
    'shop-staging-terraform-state',
  );
});

test.each([
  ['OUTBOX_ENVIRONMENT', 'production', 'dev, staging, prod'],
  ['OUTBOX_PROJECT', 'Shop', 'lower-case letters'],
  ['OUTBOX_PROJECT', 'a-name-that-is-much-too-long', '2 to 20'],
  ['OUTBOX_REGION', 'frankfurt', 'AWS region'],
  ['OUTBOX_STATE_BACKEND', 'gcs', 'local, s3, cloud'],
  ['OUTBOX_STATE_BUCKET', 'Not_A_Bucket', 'S3 bucket name'],
  ['OUTBOX_STATE_BUCKET', 'xn--state', 'not beginning with xn--, sthree- or amzn-s3-demo-'],
  ['OUTBOX_STATE_BUCKET', 'sthree-state', 'not beginning with'],
  ['OUTBOX_STATE_BUCKET', 'amzn-s3-demo-state', 'not beginning with'],
  ['OUTBOX_STATE_BUCKET', 'state-s3alias', 'not ending with -s3alias, --ol-s3, --x-s3 or --table-s3'],
  ['OUTBOX_STATE_BUCKET', 'state--ol-s3', 'not ending with'],
  ['OUTBOX_STATE_BUCKET', 'state--x-s3', 'not ending with'],
  ['OUTBOX_STATE_BUCKET', 'state--table-s3', 'not ending with'],
  ['OUTBOX_STATE_BUCKET', 'state.mrap', 'letters, digits and dashes'],
  ['OUTBOX_PROJECT', 'xn--shop', 'not beginning with xn--'],
  ['OUTBOX_PROJECT', 'sthree', 'no bucket may begin'],
  ['OUTBOX_PROJECT', 'amzn-s3-demo-shop', 'no bucket may begin'],
  ['OUTBOX_STATE_ORGANIZATION', 'a b', 'organization'],
  ['OUTBOX_STATE_PROJECT', 'a', '3 to 40'],
  ['OUTBOX_BACKEND_STATE', 'cloud', 'local, s3'],
  ['OUTBOX_GITHUB_REPOSITORY', 'acme', 'owner/name'],
  ['OUTBOX_GITHUB_REPOSITORY', 'acme/shop:ref', 'owner/name'],
  ['OUTBOX_GITHUB_REPOSITORY', 'acme/*', 'owner/name'],
  ['OUTBOX_GITHUB_REPOSITORY', 'a/..', 'a name is not . or ..'],
  ['OUTBOX_GITHUB_REPOSITORY', 'a/.', 'a name is not . or ..'],
  ['OUTBOX_GITHUB_REPOSITORY', 'a@1/..@2', 'a name is not . or ..'],
  ['OUTBOX_GITHUB_REPOSITORY', 'acme@1/shop', 'owner@id/name@id'],
  ['OUTBOX_GITHUB_REPOSITORY', 'acme/shop@2', 'owner@id/name@id'],
  ['OUTBOX_GITHUB_REPOSITORY', 'acme@1/shop@*', 'owner@id/name@id'],
  ['OUTBOX_GITHUB_REPOSITORY', 'acme@one/shop@two', 'owner@id/name@id'],
  ['OUTBOX_GITHUB_PROVIDER', 'none', 'new, existing'],
  ['OUTBOX_PERMISSIONS_BOUNDARY', 'on', 'true, false'],
  ['OUTBOX_REMOVAL_PROTECTION', 'yes', 'true, false'],
  ['OUTBOX_REMOVAL_PROTECTION', 'constructor', 'true, false'],
  ['OUTBOX_LOG_RETENTION_DAYS', '31', '1, 3, 5, 7'],
  ['OUTBOX_THROTTLING_RATE', '0', 'from 1 to 10000'],
  ['OUTBOX_THROTTLING_RATE', '1e3', 'whole number'],
  ['OUTBOX_THROTTLING_BURST', '5001', 'from 1 to 5000'],
  ['OUTBOX_API_AUTHORIZATION', 'none', 'NONE, AWS_IAM'],
  ['OUTBOX_ALARM_EMAIL', 'nobody', 'e-mail address'],
  ['OUTBOX_NOTIFICATION_EMAIL', 'nobody', 'e-mail address'],
  ['OUTBOX_RETRY_RATE_MINUTES', '0', 'from 1 to 1440'],
  ['OUTBOX_FUNCTION_MEMORY', '64', 'from 128 to 10240'],
  ['OUTBOX_FUNCTION_RUNTIME', 'nodejs18.x', 'nodejs22.x, nodejs24.x'],
  ['OUTBOX_MAX_MESSAGE_SIZE', '1', '262144, 1048576'],
  ['OUTBOX_TABLE_BILLING', 'on-demand', 'PAY_PER_REQUEST, PROVISIONED'],
])('%s=%s is refused with what is allowed', (name, value, allowed) => {
  const faults = faultsOf({ [name]: value });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(`${name}: got "${value}", allowed: `);
  expect(faults[0]).toContain(allowed);
});

test('all faults are reported at once, a misspelt variable among them', () => {
  const faults = faultsOf({ OUTBOX_REGION: '', OUTBOX_REGON: 'eu-central-1', OUTBOX_STATE_BACKEND: 'cloud' });
  expect(faults).toHaveLength(3);
  expect(faults.join('\n')).toMatch(
    /OUTBOX_REGION: got ""[^]*OUTBOX_REGON: no such setting[^]*OUTBOX_STATE_ORGANIZATION/,
  );
});

test.each([
  ['OUTBOX_REGION', 'cn-north-1'],
  ['OUTBOX_ALARM_EMAIL', '${data.secret}@example.com'],
  ['OUTBOX_ALARM_EMAIL', '%{if true}@example.com'],
])('%s does not take %s', (name, value) => {
  expect(() => loadSettings({ [name]: value })).toThrow(`${name}: got ${JSON.stringify(value)}, allowed: `);
});

test.each([
  ['OUTBOX_GITHUB_REPOSITORY', 'acme/.github'],
  ['OUTBOX_GITHUB_REPOSITORY', 'acme/...'],
  ['OUTBOX_GITHUB_REPOSITORY', 'acme@1/..shop@2'],
  ['OUTBOX_STATE_BUCKET', 'x-s3'],
  ['OUTBOX_STATE_BUCKET', 'axn--state-s3'],
  ['OUTBOX_PROJECT', 'sthrees'],
])('%s takes %s', (name, value) => {
  expect(faultsOf({ [name]: value })).toEqual([]);
});
