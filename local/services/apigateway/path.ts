import type { Method } from './openapi';

/** A method with what its path looks like. */
export interface RoutedMethod {
  readonly method: Method;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

/** Orders methods as API Gateway tries them: fixed paths before parameters, parameters before `{proxy+}`, `ANY` last. */
export function routeMethods(methods: readonly Method[]): RoutedMethod[] {
  return methods
    .map((method) => {
      const names: string[] = [];
      const pattern = method.resourcePath
        .split(/(\{[^}]+\})/)
        .map((part) => {
          if (!part.startsWith('{')) return part.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
          names.push(part.slice(1, -1).replace(/\+$/, ''));
          return part.endsWith('+}') ? '(.+)' : '([^/]+)';
        })
        .join('');
      return { method, names, pattern: new RegExp(`^${pattern}$`) };
    })
    .sort((a, b) => rank(a.method) - rank(b.method));
}

function rank({ resourcePath, httpMethod }: Method): number {
  const parameters = resourcePath.split('{').length - 1;
  return (resourcePath.includes('+}') ? 1000 : 0) + parameters * 2 + (httpMethod === 'ANY' ? 1 : 0);
}

/** Finds the method for a request; undefined where API Gateway knows none. */
export function matchPath(
  routes: readonly RoutedMethod[],
  httpMethod: string,
  path: string,
): { method: Method; parameters: Record<string, string> } | undefined {
  for (const { method, pattern, names } of routes) {
    if (method.httpMethod !== httpMethod && method.httpMethod !== 'ANY') continue;
    const match = pattern.exec(path);
    if (match) return { method, parameters: Object.fromEntries(names.map((name, i) => [name, decode(match[i + 1]!)])) };
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
