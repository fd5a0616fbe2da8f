import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { policies, synthesize } from '../../synthesis';
import { narrowings } from '../policy-mutations';
import { exceptionOf, notObservableLocally } from './narrowings';

test('every environment has the policies that are tested here', () => {
  const documents = (environment: string) =>
    Object.values(synthesize({ OUTBOX_ENVIRONMENT: environment })).map((stack) =>
      JSON.parse(JSON.stringify(policies(stack)).replaceAll(`outbox-${environment}-`, 'outbox-dev-')),
    );
  expect(documents('prod')).toEqual(documents('dev'));
});

test('every stack is tested', () => {
  const untested = Object.keys(synthesize()).filter((stack) => !existsSync(join(__dirname, `${stack}.test.ts`)));
  expect(untested).toEqual([]);
});

test('every exception is one', () => {
  const used = new Set(narrowings().map(exceptionOf));
  expect(Object.keys(notObservableLocally).filter((action) => !used.has(action))).toEqual([]);
});
