import { literal } from '../../constructs/literal';

test('escapes what begins an expression or a directive, and nothing else', () => {
  expect(literal('${a} %{b} $c $$.d {} ${')).toBe('$${a} %%{b} $c $$.d {} $${');
});
