import { expect, test } from '@jest/globals';
import { GraphQLError, GraphQLScalarType, buildSchema, execute, parse, validate } from 'graphql';
import { requestMessage, shownName, syntaxMessage } from './safe-message.ts';

const schema = buildSchema(/* GraphQL */ `
  scalar Date
  enum Programme {
    DIBAO
    TEKUN
  }
  input Check {
    idNumber: String!
    name: String
    on: Date
    programme: Programme
    amount: Int
    tags: [String!]
    nested: Check
  }
  input One @oneOf {
    a: String
    b: Int
  }
  type Query {
    check(checks: [Check!]!, one: One, programme: Programme, first: Int, flag: Boolean, on: Date, id: ID): String
    other(name: String!): String
  }
`);

// A scalar of the hub's own, whose errors quote the value.
const date = schema.getType('Date');
if (date instanceof GraphQLScalarType) {
  date.parseValue = (value) => {
    throw new Error(`no date: ${String(value)}`);
  };
}

const digits = '620199'.padEnd(18, '0');
const secrets = ['张三丰', 'Zhangsan', '62019919', 'x at "checks[0].secret', 'line\nbreak', '"quoted"'];

/** The messages that graphql-js and the hub give for variables. */
function ofVariables(definitions: string, uses: string, variables: Record<string, unknown>): [string, string][] {
  const result = execute({
    schema,
    document: parse(`query Q(${definitions}) { check(${uses}) }`),
    variableValues: variables,
  });
  if (result instanceof Promise) throw new Error('executes at once');
  return (result.errors ?? []).map((error) => [error.message, requestMessage(error)]);
}

function ofDocument(text: string): [string, string][] {
  return validate(schema, parse(text)).map((error) => [error.message, requestMessage(error)]);
}

function ofSyntax(text: string): [string, string] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) return [error.message, syntaxMessage(error.message)];
  }
  throw new Error('parses');
}

test.each(secrets)('a value in a variable is never in the message (%j)', (secret) => {
  const shapes: [unknown, string][] = [
    [secret, 'Variable "$checks": Expected a value of type "Check".'],
    [[secret], 'Variable "$checks" at "checks[0]": Expected a value of type "Check".'],
    [[[secret]], 'Variable "$checks" at "checks[0]": Expected a value of type "Check".'],
    [[{ idNumber: 'x', on: secret }], '[0].on": Expected a value of type "Date".'],
    [[{ idNumber: { value: secret } }], '[0].idNumber": Expected a value of type "String".'],
    [[{ idNumber: [secret] }], '[0].idNumber": Expected a value of type "String".'],
    [[{ name: secret }], '[0]": Field "idNumber" of type "String!" was not provided.'],
    [[{ idNumber: null, name: secret }], '[0].idNumber": Expected a value of type "String!", not null.'],
    [[{ idNumber: 'x', programme: secret }], '[0].programme": The value does not exist in the enum "Programme".'],
    [[{ idNumber: 'x', programme: [secret] }], '[0].programme": Expected a value of the enum "Programme".'],
    [[{ idNumber: 'x', amount: secret }], '[0].amount": Expected a value of type "Int".'],
    [[{ idNumber: 'x', tags: ['ok', { secret }] }], '[0].tags[1]": Expected a value of type "String".'],
    [[{ idNumber: 'x', nested: secret }], '[0].nested": Expected a value of type "Check".'],
    [
      [{ idNumber: 'x', nested: { idNumber: 'y', amount: secret } }],
      '[0].nested.amount": Expected a value of type "Int".',
    ],
    [[{ idNumber: 'x', [secret]: 1 }], ''],
    [[{ idNumber: 'x', ['x; ' + secret]: secret }], ''],
    [
      [{ idNumber: 'x', amount: { ['" at "checks[0].' + secret + '"']: secret } }],
      '[0].amount": Expected a value of type "Int".',
    ],
  ];
  for (const [value, end] of shapes) {
    const errors = ofVariables('$checks: [Check!]!', 'checks: $checks', { checks: value });
    expect(errors.length).toBeGreaterThan(0);
    for (const [, told] of errors) {
      expect(told).toMatch(/^Variable "\$checks"/);
      // A field that does not exist may be named where it is a plain name.
      if (!told.includes(`Field "${secret}" is not defined`)) expect(told).not.toContain(secret);
    }
    expect(errors.some(([, told]) => told.includes(end))).toBe(true);
  }
});

test('numbers, objects and lists in a variable are not in the message either', () => {
  const number = 620199190;
  for (const [type, argument, value] of [
    ['Int', 'first', number * 1e9],
    ['Int', 'first', number + 0.5],
    ['Boolean', 'flag', number],
    ['ID', 'id', [number]],
    ['One', 'one', { a: String(number), b: number }],
    ['One', 'one', { a: null }],
    ['One', 'one', { [String(number)]: 1 }],
    ['Programme', 'programme', number],
    ['[Check!]!', 'checks', number],
  ] as const) {
    const checks = argument === 'checks' ? '' : 'checks: [], ';
    const errors = ofVariables(`$v: ${type}`, `${checks}${argument}: $v`, { v: value });
    expect(errors.length).toBeGreaterThan(0);
    for (const [, told] of errors) expect(told).not.toMatch(/\d{6}/);
  }
});

test('missing and null variables are named with their type', () => {
  expect(ofVariables('$c: [Check!]!', 'checks: $c', {})).toEqual([
    [expect.anything(), 'Variable "$c" of required type "[Check!]!" was not provided.'],
  ]);
  expect(ofVariables('$c: [Check!]!', 'checks: $c', { c: null })).toEqual([
    [expect.anything(), 'Variable "$c" of non-null type "[Check!]!" must not be null.'],
  ]);
});

test.each([
  '"张三丰"',
  '"Zhangsan"',
  '6201991990',
  'Zhangsan',
  '"""Zhang san"""',
  '{a: "Zhangsan"}',
  '["Zhangsan"]',
  '1.5e10',
])('a literal is never in the message (%s)', (literal) => {
  for (const text of [
    `{ check(checks: ${literal}) }`,
    `{ check(checks: [], first: ${literal}) }`,
    `{ check(checks: [], flag: ${literal}) }`,
    `{ check(checks: [], programme: ${literal}) }`,
    `{ check(checks: [{idNumber: ${literal}, programme: ${literal}, amount: ${literal}, nested: ${literal}}]) }`,
    `{ check(checks: [{name: ${literal}}]) }`,
    `{ check(checks: [], one: {a: ${literal}, b: ${literal}}) }`,
    `query ($x: Int = ${literal}, $c: [Check!]! = ${literal}) { check(checks: $c, first: $x) }`,
    `{ check(checks: []) @skip(if: ${literal}) }`,
    `{ other(name: ${literal}, nobody: ${literal}) }`,
  ]) {
    for (const [, told] of ofDocument(text)) {
      expect(told).not.toMatch(/张三丰|Zhang|\d{6}|1\.5e/);
    }
  }
});

test('a faulty document is described by its names, without suggestions', () => {
  expect(ofDocument('{ chekc }')).toEqual([
    [expect.stringContaining('Did you mean'), 'Cannot query field "chekc" on type "Query".'],
  ]);
  expect(ofDocument('{ other }')[0]?.[1]).toBe(
    'Field "other" argument "name" of type "String!" is required, but it was not provided.',
  );
  expect(ofDocument('query ($x: Chekc) { other(name: $x) }').map(([, told]) => told)).not.toContain('Did you mean');
  expect(ofDocument('query Q { ...F }')[0]?.[1]).toBe('Unknown fragment "F".');
  expect(ofDocument('{ check(checks: [{idNumber: "x", nmae: "y"}]) }')[0]?.[1]).toBe(
    'Field "nmae" is not defined by type "Check".',
  );
});

test('a number that the caller made a name of is not repeated', () => {
  const name = `p${'6201991'.padEnd(17, '0')}X`;
  for (const text of [
    `{ ${name} }`,
    `{ ${name}: nothing }`,
    `{ ...${name} }`,
    `query ${name} { other(name: $${name}) }`,
    `{ other(${name}: 1) }`,
    `{ check(checks: [{${name}: 1}]) }`,
    `{ other(name: "x") @${name} }`,
    `query ($x: ${name}) { other(name: $x) }`,
  ]) {
    const errors = ofDocument(text);
    expect(errors.length).toBeGreaterThan(0);
    for (const [, told] of errors) expect(told).not.toMatch(/\d{6}/);
  }
  expect(shownName(name)).toBe('…');
});

test.each([
  `{ check(checks: "${digits}" "${digits}") }`,
  `{ check("${digits}": 1) }`,
  `{ check(checks: ${digits}X) }`,
  '{ check(checks: 张三丰) }',
  '{ check(checks: "张三丰) }',
  '{ check(checks: "\\u62zz") }',
  '{ check(checks: "\\张三丰") }',
  '{ check Zhangsan Zhangsan( }',
  'Zhangsan',
  "{ check(checks: 'Zhangsan') }",
  '{ check(checks: 0620199) }',
  digits,
  '"""Zhangsan"""',
  'query ($x: Int = $Zhangsan) { a }',
  '{ a } }',
  '{',
  '',
])('a syntax error repeats nothing of the document (%#)', (text) => {
  const [, told] = ofSyntax(text);
  expect(told).toMatch(/^Syntax Error: [\x20-\x7e]+\.$/);
  expect(told).not.toMatch(/Zhang|620199|\d{6}/);
});

test('a syntax error says what was expected', () => {
  expect(ofSyntax(`{ check(checks: "${digits}" "${digits}") }`)[1]).toBe('Syntax Error: expected Name, found String.');
  expect(ofSyntax('{ a } }')[1]).toBe('Syntax Error: unexpected "}".');
  expect(ofSyntax('{')[1]).toBe('Syntax Error: expected Name, found <EOF>.');
  expect(ofSyntax("{ a(b: 'c') }")[1]).toMatch('use a double quote');
});

test('a name as long as the document is cut', () => {
  const started = Date.now();
  const [, told] = ofDocument(`{ ${'a'.repeat(2_000_000)} }`)[0] ?? ['', ''];
  expect(told.length).toBeLessThan(500);
  expect(Date.now() - started).toBeLessThan(2_000);
});
