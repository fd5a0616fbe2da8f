import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changedStacks } from '../../deploy/workflow/changed-stacks';
import { marker } from '../../deploy/workflow/plan-comment';
import { putComment } from '../../deploy/workflow/put-comment';
import { settingLines } from '../../deploy/workflow/settings';
import { synthesisFolder } from '../synthesis';

const folder = mkdtempSync(join(tmpdir(), 'outbox-steps-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('changed stacks', () => {
  const before = synthesisFolder();
  const changed = (after: string) => changedStacks(before, after);

  test('none, though state-backend is always there', () => {
    expect(changed(before)).toEqual({ changed: [], removed: [] });
  });

  test('those that a setting changes', () => {
    const after = synthesisFolder({ OUTBOX_RETRY_RATE_MINUTES: '7' });
    expect(changed(after)).toEqual({ changed: ['notifications'], removed: [] });
  });

  test('that of a function whose bundle differs', () => {
    const after = join(folder, 'after');
    cpSync(before, after, { recursive: true });
    const bundle = join(after, 'stacks/user-events/functions/welcome-user');
    mkdirSync(bundle, { recursive: true });
    writeFileSync(join(bundle, 'index.js'), 'changed');
    expect(changed(after)).toEqual({ changed: ['user-events'], removed: [] });
  });

  test('those that are new or gone', () => {
    const after = join(folder, 'fewer');
    cpSync(before, after, { recursive: true });
    rmSync(join(after, 'stacks/notifications'), { recursive: true });
    expect(changed(after)).toEqual({ changed: [], removed: ['notifications'] });
    expect(changedStacks(after, before).changed).toEqual(['notifications']);
    expect(changedStacks(join(folder, 'missing'), before).changed).toEqual([
      'claim-check',
      'notifications',
      'order-consumers',
      'outbox-core',
      'user-events',
    ]);
  });
});

describe('settings', () => {
  test('are the variables with their names, but the environment', () => {
    const variables = { OUTBOX_REGION: 'eu-west-1', AWS_PLAN_ROLE_ARN: 'arn', OUTBOX_ENVIRONMENT: 'dev' };
    expect(settingLines(variables)).toContain('OUTBOX_REGION=eu-west-1');
    expect(settingLines(variables).join()).not.toMatch(/AWS_PLAN_ROLE_ARN|OUTBOX_ENVIRONMENT/);
  });

  test('have the permissions boundary on, but where a variable or HCP Terraform says otherwise', () => {
    const on = 'OUTBOX_PERMISSIONS_BOUNDARY=true';
    const off = 'OUTBOX_PERMISSIONS_BOUNDARY=false';
    expect(settingLines({})).toEqual([on]);
    expect(settingLines({ OUTBOX_STATE_BACKEND: 's3' })).toEqual([on, 'OUTBOX_STATE_BACKEND=s3']);
    expect(settingLines({ OUTBOX_PERMISSIONS_BOUNDARY: 'false' })).toEqual([off]);
    const cloud = { OUTBOX_STATE_BACKEND: 'cloud' };
    expect(settingLines(cloud)).toEqual(['OUTBOX_STATE_BACKEND=cloud']);
    expect(settingLines({ ...cloud, OUTBOX_PERMISSIONS_BOUNDARY: 'true' })).toContain(on);
  });

  test('cannot set anything else', () => {
    expect(() => settingLines({ OUTBOX_PROJECT: 'shop\nPATH=/tmp' })).toThrow('OUTBOX_PROJECT has a line break');
  });
});

describe('the comment', () => {
  interface Call {
    readonly method?: string | undefined;
    readonly url?: string | undefined;
    readonly authorization?: string | undefined;
    readonly body?: unknown;
  }

  /** A GitHub with these comments on its pull request, and the calls that change something. */
  async function put(comments: object[], status = 200): Promise<Call[]> {
    const calls: Call[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        const page = Number(new URL(url!, 'http://github').searchParams.get('page'));
        const body = Buffer.concat(chunks).toString();
        if (method !== 'GET') calls.push({ method, url, authorization: headers.authorization, body: JSON.parse(body) });
        response
          .writeHead(method === 'GET' ? 200 : status)
          .end(JSON.stringify(comments.slice((page - 1) * 100, page * 100)));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await putComment({ api, token: 'secret', repository: 'acme/shop', number: 7 }, `${marker}\nnew`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
    return calls;
  }

  const other = { id: 1, body: `${marker}\nquoted by somebody`, user: { login: 'somebody' } };
  const ours = { id: 2, body: `${marker}\nold`, user: { login: 'github-actions[bot]' } };
  const body = { body: `${marker}\nnew` };
  const authorization = 'Bearer secret';

  test('is added where there is none, whoever quotes it', async () => {
    expect(await put([other])).toEqual([
      { method: 'POST', url: '/repos/acme/shop/issues/7/comments', authorization, body },
    ]);
  });

  test('is changed in place, beyond the first page too', async () => {
    const update = [{ method: 'PATCH', url: '/repos/acme/shop/issues/comments/2', authorization, body }];
    expect(await put([other, ours])).toEqual(update);
    expect(await put([...Array.from({ length: 100 }, () => other), ours])).toEqual(update);
  });

  test('fails with the answer of GitHub', async () => {
    await expect(put([], 403)).rejects.toThrow('GitHub answered 403 to POST /repos/acme/shop/issues/7/comments');
  });
});
