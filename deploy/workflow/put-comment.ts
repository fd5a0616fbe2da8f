import { marker } from './plan-comment';

/** Where a comment goes: GitHub's API, with a token that may write comments of pull requests. */
export interface PullRequest {
  /** Such as `https://api.github.com` */
  readonly api: string;
  readonly token: string;
  /** `owner/name` */
  readonly repository: string;
  readonly number: number;
}

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user: { readonly login: string } | null;
}

/** Comments per page, the most that GitHub gives. */
const perPage = 100;

/** Who comments with the token of a workflow. */
const author = 'github-actions[bot]';

/**
 * Puts a comment on a pull request: changes the one that an earlier run left, else adds one.
 *
 * @param body begins with {@link marker}
 * @throws Error with GitHub's answer
 */
export async function putComment(pullRequest: PullRequest, body: string): Promise<void> {
  const { repository, number } = pullRequest;
  const earlier = await find(pullRequest);
  await (earlier === undefined
    ? call(pullRequest, 'POST', `/repos/${repository}/issues/${number}/comments`, { body })
    : call(pullRequest, 'PATCH', `/repos/${repository}/issues/comments/${earlier}`, { body }));
}

async function find(pullRequest: PullRequest): Promise<number | undefined> {
  const path = `/repos/${pullRequest.repository}/issues/${pullRequest.number}/comments`;
  for (let page = 1; ; page++) {
    const comments = (await call(pullRequest, 'GET', `${path}?per_page=${perPage}&page=${page}`)) as Comment[];
    const found = comments.find(({ body, user }) => user?.login === author && body?.startsWith(marker));
    if (found || comments.length < perPage) return found?.id;
  }
}

async function call({ api, token }: PullRequest, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(api + path, {
    method,
    headers: {
      Accept: 'application/vnd.github+json',
      Authorization: `Bearer ${token}`,
      'X-GitHub-Api-Version': '2022-11-28',
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`GitHub answered ${answer.status} to ${method} ${path}: ${text}`);
  return JSON.parse(text) as unknown;
}
