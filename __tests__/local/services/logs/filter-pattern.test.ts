import { compileFilter } from '../../../../local/services/logs/filter-pattern';

describe('filter patterns', () => {
  const json = JSON.stringify({
    level: 'ERROR',
    order: { id: 'o-12', total: 5, paid: true, note: null },
    items: [{ n: 1 }],
    text: 'a && b',
  });

  test.each([
    ['', 'x', true],
    ['ERROR', 'an ERROR here', true],
    ['ERROR', 'an error here', false],
    ['ERROR here', 'here an ERROR', true],
    ['ERROR there', 'here an ERROR', false],
    ['"an ERROR"', 'here an ERROR', true],
    ['"ERROR an"', 'here an ERROR', false],
    ['ERROR -here', 'here an ERROR', false],
    ['-here', 'an ERROR', true],
    ['?WARN ?ERROR', 'an ERROR', true],
    ['?WARN ?FATAL', 'an ERROR', false],
    ['{ $.level = "ERROR" }', json, true],
    ['{ $.level = ERROR }', json, true],
    ['{ $.level != "ERROR" }', json, false],
    ['{ $.none != "ERROR" }', json, false],
    ['{ $.level = "ERR*" && $.order.total > 4 }', json, true],
    ['{ $.level = "INFO" || $.order.total <= 5 }', json, true],
    ['{ $.level = "INFO" || $.order.total < 5 }', json, false],
    ['{ $.order.total = 5 }', json, true],
    ['{ $.order.total = "5" }', json, false],
    ['{ $.items[0].n = 1 }', json, true],
    ['{ $.order.paid IS TRUE }', json, true],
    ['{ $.order.note IS NULL }', json, true],
    ['{ $.order.none NOT EXISTS }', json, true],
    ['{ $.order.id EXISTS }', json, true],
    ['{ $.text = "a && b" }', json, true],
    ['{ $.level = "ERROR" }', 'ERROR', false],
  ])('%s on %s: %s', (pattern, message, fits) => {
    expect(compileFilter(pattern)(message)).toBe(fits);
  });

  test.each(['[a, b]', '%x%', 'a.b', '"open', '{ $.a = 1', '{ ($.a = 1) }', '{ $.a > "x" }', '{ level = 1 }'])(
    'refuses %s',
    (pattern) => {
      expect(() => compileFilter(pattern)).toThrow('Invalid filter pattern');
    },
  );
});
