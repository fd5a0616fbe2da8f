import { send, type Sent, tree, world } from './stage';
import { withTemplate } from './openapi';

describe('templates', () => {
  const render = async (template: string, sent: Sent = {}) => {
    const it = await world(withTemplate(`{"out": "$util.base64Encode("${template}")"}`.replaceAll('\n', ' ')));
    await send(it, sent);
    return Buffer.from(it.asked[0]!.input.out as string, 'base64').toString();
  };
  const raw = async (template: string, sent: Sent = {}) => {
    const it = await world(withTemplate(template));
    await send(it, sent);
    return it.asked[0]?.input;
  };

  test.each([
    ['$context.stage $context.httpMethod $context.resourcePath $context.path', 'dev POST /createId /dev/createId'],
    ['$context.identity.sourceIp$context.nothing.here$stageVariables.none', '127.0.0.1'],
    ["$input.params('q') $input.params('none')|", 'a b |'],
    ["$input.params().querystring.get('q')$input.params().header.get('None')", 'a b'],
    ['$unknown $!unknown|', '$unknown |'],
    ["$input.path('$.missing')|$input.path('$.list[1].x')|$input.path('$.list').size()", '|7|2'],
    ["$input.path('$')", '{Status=A, list=[{x=6}, {x=7}]}'],
    ["$util.urlEncode('a b&c') $util.urlDecode('a+b%26')", 'a+b%26c a b&'],
    ["$util.base64Decode('aGk=')", 'hi'],
  ])('%s', async (template, expected) => {
    const body = '{"Status":"A","list":[{"x":6},{"x":7}]}';
    expect(await render(template, { path: '/createId?q=a%20b', body })).toBe(expected);
  });

  test('an empty text is true, as in Java; == compares by text', async () => {
    const template =
      '#set($e = ""){"a": #if($e)1#{else}2#end, "b": #if(!$none)1#{else}2#end, "c": #if($e == "")1#end, "d": #if(5 == "5" && true)1#end}';
    expect(await raw(template)).toEqual({ a: 1, b: 1, c: 1, d: 1 });
  });

  test('methods of Java strings', async () => {
    const template = `#set($s = $input.path('$.Status')){"l": $s.length(), "m": $s.matches("[A-Z]+"), "r": "$s.replaceAll("(A)(B)", "$2$1")",
      "c": $s.contains("BC"), "e": $s.equals("ABC"), "t": "$s.substring(1).toLowerCase()", "p": "$s.replace("B", "-")"}`;
    expect(await raw(template, { body: '{"Status":"ABC"}' })).toEqual({
      l: 3,
      m: true,
      r: 'BAC',
      c: true,
      e: true,
      t: 'bc',
      p: 'A-C',
    });
  });

  test('$input.json keeps JSON, $input.params() lists everything', async () => {
    const template = `{"all": $input.json('$'), "one": $input.json('$.Status'), "none": $input.json('$.x'),
      "h": {#foreach($n in $input.params().querystring.keySet())"$n": "$input.params().querystring.get($n)"#if($foreach.hasNext),#end#end}}`;
    expect(await raw(template, { path: '/createId?a=1&b=2', body: '{"Status":"x\\"\'y"}' })).toEqual({
      all: { Status: 'x"\'y' },
      one: 'x"\'y',
      none: '',
      h: { a: '1', b: '2' },
    });
  });

  test('a header of the request is there in the response template too', async () => {
    const document = withTemplate('{}');
    document.paths['/createId'].post['x-amazon-apigateway-integration'].responses = {
      default: {
        statusCode: '200',
        responseTemplates: { 'application/json': '{"k": "$input.params(\'Idempotency-Key\')"}' },
      },
    };
    const it = await world(document);
    expect((await send(it, { headers: { 'Idempotency-Key': 'k' } })).json).toEqual({ k: 'k' });
  });

  test.each([
    ["$input.path('$..x')", 'not modelled'],
    ["$input.path('$.Status').padStart(3)", '.padStart() is not modelled on a string'],
    ['$util.random()', 'is not a method of $util'],
  ])('%s is a 500 that the timeline explains', async (template, reason) => {
    const it = await world(withTemplate(`{"a": "${template}"}`));
    expect((await send(it)).status).toBe(500);
    expect(tree(it).at(-1)).toContain(reason);
  });

  test('a body that is not JSON is a 400', async () => {
    const it = await world(withTemplate('{"a": "$input.path(\'$.x\')"}'));
    const response = await send(it, { body: 'x' });
    expect(response.status).toBe(400);
    expect(response.json.message).toMatch(/^Could not parse request body into json/);
  });
});
