/** Attacks by what is sent: SQL in every text, values that are no text, operations that are too much, values in errors. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isInputObjectType, isListType, isNonNullType } from 'graphql';
import type { GraphQLInputType, GraphQLSchema } from 'graphql';
import type { Bound } from '../../../src/access/index.ts';
import { buildHubSchema } from '../../../src/server/schema.ts';
import type { HttpAnswer } from '../../harness/hub.ts';
import { CALLERS, openNeighbours } from './neighbours.ts';
import type { Neighbours } from './neighbours.ts';

const { education, civilAffairs, window } = CALLERS;
const reporting: Bound = { ...education, purpose: 'AID_REPORTING', purposes: ['AID_REPORTING'] };

let world: Neighbours;
let schema: GraphQLSchema;
beforeAll(async () => {
  world = await openNeighbours();
  schema = await buildHubSchema();
});
afterAll(() => world.close());

const ask = (query: string, caller: Bound, variables?: Record<string, unknown>): Promise<HttpAnswer> =>
  world.hub.ask(query, caller, variables === undefined ? {} : { variables });

/** One operation for each argument and input field that takes text, with a place for the text. */
interface TextPlace {
  readonly name: string;
  readonly caller: Bound;
  readonly send: (text: string) => Promise<HttpAnswer>;
}

function textPlaces(): TextPlace[] {
  const { personId } = world.known;
  const place = (name: string, caller: Bound, query: string, variables: (text: string) => Record<string, unknown>) => ({
    name,
    caller,
    send: (text: string) => ask(query, caller, variables(text)),
  });
  const checks = 'query($c: [StatusCheckInput!]!) { checkStatus(checks: $c) { result problem nameAgrees caseNo } }';
  const recipients = 'query($f: RecipientFilter) { recipients(filter: $f) { totalCount nodes { id } } }';
  const report = 'mutation($i: ReportAidInput!) { reportAid(input: $i) { results { outcome code field sourceKey } } }';
  const { number, name } = { number: world.known.idNumber, name: world.known.name };
  const item = {
    sourceKey: 'attack',
    idNumber: number,
    name,
    programme: 'EDUCATION_AID',
    mode: 'CASH',
    amountYuan: '1',
    decidedOn: '2026-09-01',
  };
  return [
    place('person(id)', civilAffairs, 'query($t: ID!) { person(id: $t) { id } }', (t) => ({ t })),
    place('household(id)', civilAffairs, 'query($t: ID!) { household(id: $t) { id } }', (t) => ({ t })),
    place('recipients(after)', civilAffairs, 'query($t: String) { recipients(after: $t) { totalCount } }', (t) => ({
      t,
    })),
    place('recipients(filter.category)', civilAffairs, recipients, (category) => ({ f: { category } })),
    place('recipients(filter.region)', civilAffairs, recipients, (region) => ({ f: { region } })),
    place('recipients(filter.onDate)', civilAffairs, recipients, (onDate) => ({ f: { onDate } })),
    place('recipients(filter.programme)', civilAffairs, recipients, (programme) => ({ f: { programme } })),
    place('recipients(filter.urbanRural)', civilAffairs, recipients, (urbanRural) => ({ f: { urbanRural } })),
    place('region(code)', education, 'query($t: RegionCode!) { region(code: $t) { name } }', (t) => ({ t })),
    place('regions(parent)', education, 'query($t: RegionCode) { regions(parent: $t) { name } }', (t) => ({ t })),
    place('regions(level)', education, 'query($t: RegionLevel) { regions(level: $t) { name } }', (t) => ({ t })),
    place('checkStatus(idNumber)', education, checks, (idNumber) => ({ c: [{ idNumber }] })),
    place('checkStatus(name)', education, checks, (text) => ({ c: [{ idNumber: number, name: text }] })),
    place('checkStatus(caseNo)', education, checks, (caseNo) => ({ c: [{ idNumber: number, caseNo }] })),
    place(
      'checkStatus(onDate)',
      education,
      'query($t: Date) { checkStatus(checks: [], onDate: $t) { result } }',
      (t) => ({ t }),
    ),
    place(
      'aidGrants(after)',
      education,
      `query($t: String) { person(id: "${personId}") { aidGrants(after: $t) { totalCount } } }`,
      (t) => ({ t }),
    ),
    place(
      'memberships(validOn)',
      civilAffairs,
      `query($t: Date) { person(id: "${personId}") { memberships(validOn: $t) { id } } }`,
      (t) => ({ t }),
    ),
    ...ITEM_FIELDS.map((field) =>
      place(`reportAid(${field})`, reporting, report, (text) => ({
        i: { dryRun: true, items: [{ ...item, [field]: text }] },
      })),
    ),
  ];
}

const ITEM_FIELDS = [
  'sourceKey',
  'version',
  'reversalOf',
  'idNumber',
  'name',
  'programme',
  'mode',
  'amountYuan',
  'kindDescription',
  'periodFrom',
  'periodTo',
  'decidedOn',
  'paidOn',
  'fundSource',
  'item',
  'reference',
  'officeRegion',
] as const;

const MARK = 'attackmark';
const METACHARACTERS = [
  `${MARK}' or '1'='1`,
  `${MARK}'; drop table person; --`,
  `${MARK}$1 $$ $tag$ " or ""="`,
  `${MARK}\\'; select pg_sleep(9) --`,
  `%${MARK}_`,
  `${MARK}) or true --`,
  `{${MARK},NULL}`,
];

describe('in every argument that takes text', () => {
  test('this file knows all of them that choose or report persons; every-text.long.test.ts finds the others by itself', () => {
    const inputs = Object.values(schema.getTypeMap())
      .filter(isInputObjectType)
      .filter(({ name }) => /^(ReportAid|Recipient|StatusCheck)/u.test(name));
    const texts = inputs.flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => ['String', 'LenientText', 'RegionCode', 'Date', 'ID'].includes(named(field.type)))
        .map(({ name }) => `${type.name}.${name}`),
    );
    expect(texts.sort()).toEqual(
      [
        ...ITEM_FIELDS.map((field) => `ReportAidItemInput.${field}`),
        ...['category', 'region', 'onDate'].map((field) => `RecipientFilter.${field}`),
        ...['idNumber', 'name', 'caseNo'].map((field) => `StatusCheckInput.${field}`),
      ].sort(),
    );
  });

  test('SQL is a value like any other: nothing is found by it, nothing fails, nothing is repeated', async () => {
    const { rows: before } = await world.database.owner.query('select count(*) from person');
    for (const { name, send } of textPlaces()) {
      for (const text of METACHARACTERS) {
        const answer = await send(text);
        expect([name, text, answer.status < 500]).toEqual([name, text, true]);
        const found = JSON.stringify(answer.json.data ?? null).match(/"(id"|RECIPIENT|totalCount":[1-9])/u);
        // A name is compared, and a number that is right stays right.
        if (!['checkStatus(name)'].includes(name)) expect([name, text, found?.[0]]).toEqual([name, text, undefined]);
        // The department gets its own key back, and nobody anything else.
        if (name !== 'reportAid(sourceKey)')
          expect([name, answer.text]).toEqual([name, expect.not.stringContaining(MARK)]);
      }
    }
    const { rows: after } = await world.database.owner.query('select count(*) from person');
    expect(after).toEqual(before);
    expect(world.hub.logged()).not.toContain(MARK);
  });

  test('NUL and half a character are bad input, or reject their own item', async () => {
    for (const { name, send } of textPlaces()) {
      for (const text of [`A${'\0'}`, '\ud800', 'A\udc00B']) {
        const answer = await send(text);
        const rejected = /"outcome":"REJECTED"|"result":"MALFORMED"/u.test(answer.text);
        expect([name, text, answer.status === 400 || rejected]).toEqual([name, text, true]);
      }
    }
  });

  test('a text as long as the body is refused or is a value, and does not stall the hub', async () => {
    const long = 'x'.repeat(1_000_000);
    for (const { name, send } of textPlaces()) {
      const began = Date.now();
      const answer = await send(long);
      expect([name, answer.status < 500]).toEqual([name, true]);
      expect([name, answer.text.length < 10_000]).toEqual([name, true]);
      expect([name, Date.now() - began < 5_000]).toEqual([name, true]);
    }
  });

  test('what is no text is bad input', async () => {
    for (const value of [{ $ne: null }, [], ['a', 'b'], true, { toString: 'x' }, 1.5]) {
      const { status, text } = await ask('query($t: ID!) { person(id: $t) { id } }', civilAffairs, { t: value });
      expect([value, status, text]).toEqual([value, 400, expect.not.stringContaining('toString')]);
    }
    const inFilter = await ask('query($f: RecipientFilter) { recipients(filter: $f) { totalCount } }', civilAffairs, {
      f: { category: { $regex: '.*' } },
    });
    expect(inFilter.status).toBe(400);
  });
});

describe('a filter that is not understood', () => {
  const count = (f: unknown) =>
    ask('query($f: RecipientFilter) { recipients(filter: $f) { totalCount } }', window, { f });

  test('never means everything: an unknown value, an unknown key, an empty text', async () => {
    for (const f of [
      { programme: 'EVERYTHING' },
      { programme: '' },
      { programme: 'dibao' },
      { programme: ['DIBAO'] },
      { programme: 0 },
      { region: '' },
      { region: '%' },
      { region: '6' },
      { region: '620102001' + '0'.repeat(30) },
      { region: '999999' },
      { onDate: '' },
      { onDate: 'today' },
      { onDate: '2026-02-30' },
      { onDate: '2026-11-22T00:00:00Z' },
      { programmes: 'DIBAO' },
      { AND: [] },
      { __proto__: null, constructor: 'x' },
      'DIBAO',
      7,
    ]) {
      const { status, json } = await count(f);
      expect([f, status, json.data ?? null]).toEqual([f, 400, null]);
    }
    expect((await count({ category: '' })).json.data).toEqual({ recipients: { totalCount: 0 } });
    expect((await count({ category: ' A' })).json.data).toEqual({ recipients: { totalCount: 0 } });
  });

  test('that is null narrows like one that is left out, and never beyond the caller’s scope', async () => {
    for (const f of [null, {}, { programme: null, region: null, category: null, urbanRural: null, onDate: null }])
      expect([f, (await count(f)).json.data]).toEqual([f, { recipients: { totalCount: 2 } }]);
  });

  test('is refused where a list stands for one value, and one value for a list is that one', async () => {
    const check = 'query($c: [StatusCheckInput!]!) { checkStatus(checks: $c) { result } }';
    const { idNumber } = world.known;
    expect((await ask(check, education, { c: { idNumber } })).json.data).toEqual({
      checkStatus: [{ result: 'RECIPIENT' }],
    });
    for (const c of [null, [null], [[{ idNumber }]], [{ idNumber: [idNumber] }], [{ idNumber: null }], [{}]])
      expect([c, (await ask(check, education, { c })).status]).toEqual([c, 400]);
  });
});

describe('an operation that is too much', () => {
  const person = () => `person(id: "${world.known.personId}")`;
  const isBad = async (query: string): Promise<void> => {
    const began = Date.now();
    const answer = await ask(query, education);
    expect([query.slice(0, 80), answer.status, answer.json.errors?.[0]?.extensions['code']]).toEqual([
      query.slice(0, 80),
      400,
      expect.stringMatching(/^(GRAPHQL_(PARSE|VALIDATION)_FAILED|BAD_USER_INPUT)$/),
    ]);
    expect(Date.now() - began).toBeLessThan(3_000);
  };

  test('by its aliases is refused, be they at the root, in an object or of relations', async () => {
    const aliases = (count: number, of: string) => Array.from({ length: count }, (_, i) => `a${i}: ${of}`).join(' ');
    await isBad(`{ ${aliases(21, `${person()} { id }`)} }`);
    await isBad(`{ ${person()} { ${aliases(1_001, 'name')} } }`);
    await isBad(`{ ${person()} { ${aliases(2_001, 'name')} } }`);
    await isBad(`{ ${person()} { ${aliases(51, 'recipientOf { id }')} } }`);
    await isBad(`{ ${person()} { ${aliases(100, 'recipientOf { person { recipientOf { id } } }')} } }`);
    const many = Array.from({ length: 20 }, (_, i) => `p${i}: ${person()} { ${aliases(50, 'recipientOf { id }')} }`);
    await isBad(`{ ${many.join(' ')} }`);
    const most = await ask(`{ ${person()} { ${aliases(50, 'recipientOf { id }')} } }`, education);
    expect(most.status).toBe(200);
    expect(Object.keys(most.json.data?.['person'] ?? {})).toHaveLength(50);
  });

  test('by its depth is refused, in the open, in fragments, and behind a fragment named like introspection', async () => {
    const deep = (levels: number): string =>
      levels === 0 ? 'id' : `recipientOf { enrolment { applicant { ${deep(levels - 1)} } } }`;
    await isBad(`{ ${person()} { ${deep(5)} } }`);
    const chain = Array.from(
      { length: 6 },
      (_, i) =>
        `fragment F${i} on Person { recipientOf { enrolment { applicant { ${i === 5 ? 'id' : `...F${i + 1}`} } } } }`,
    );
    await isBad(`{ ${person()} { ...F0 } } ${chain.join(' ')}`);
    await isBad(`{ ...__schema } fragment __schema on Query { ${person()} { ${deep(5)} } }`);
    await isBad(`{ ${person()} { ...A } } fragment A on Person { ...B } fragment B on Person { ...A }`);
  });

  test('by what fragments multiply to is refused before it is unfolded', async () => {
    const doubled = Array.from(
      { length: 30 },
      (_, i) => `fragment F${i} on Person { ...F${i + 1} a${i}: recipientOf { person { ...F${i + 1} } } }`,
    );
    await isBad(`{ ${person()} { ...F0 } } ${doubled.join(' ')} fragment F30 on Person { id }`);
  });

  test('by its literals is refused: lists, nested values and directives without end', async () => {
    await isBad(`{ checkStatus(checks: [${'{ idNumber: "1" } '.repeat(6_000)}]) { result } }`);
    await isBad(`{ recipients(filter: ${'{ a: '.repeat(3_000)}1${' }'.repeat(3_000)}) { totalCount } }`);
    await isBad(`{ recipients(filter: ${'['.repeat(9_000)}${']'.repeat(9_000)}) { totalCount } }`);
    await isBad(`{ ${person()} { id ${'@include(if: true) '.repeat(3_000)} } }`);
  });

  test('by its number is refused: batches of one, of two and of two thousand', async () => {
    const one = { query: '{ feedStatus { record } }' };
    for (const batch of [[one], [one, one], Array.from({ length: 2_000 }, () => one)]) {
      const answer = await world.hub.post(JSON.stringify(batch), world.hub.headersOf(education));
      expect([answer.status, answer.json.data ?? null]).toEqual([400, null]);
    }
  });

  test('by its pages is refused: none, too large, and negative ones', async () => {
    for (const first of [0, -1, 1_001, 2_147_483_647, -2_147_483_648]) {
      await isBad(`{ recipients(first: ${first}) { totalCount } }`);
      await isBad(`{ ${person()} { recipientOf(first: ${first}) { id } } }`);
      await isBad(`{ ${person()} { aidGrants(first: ${first}) { totalCount } } }`);
      await isBad(`{ regions(first: ${first}) { code } }`);
    }
    await isBad('{ recipients(first: 99999999999) { totalCount } }');
    await isBad('{ recipients(last: 0) { totalCount } }');
    await isBad('{ recipients(first: 1, last: 1) { totalCount } }');
  });
});

describe('an identity number', () => {
  test('is in no error, no log, no metric and no record, wherever it was written', async () => {
    const { idNumber } = world.known;
    const half = idNumber.slice(0, 17);
    for (const query of [
      `{ person(id: "${idNumber}") { id } }`,
      `{ person(id: ${idNumber}) { id } }`,
      `{ person(id: "x") { a${idNumber} } }`,
      `{ person(id: "x") { a${idNumber}: id } }`,
      `{ person(id: "x") { id @a${idNumber} } }`,
      `{ person(id: "x", n${idNumber}: 1) { id } }`,
      `{ person(id: "x") { ...F${idNumber} } }`,
      `{ person(id: "x") { ...F${idNumber} } } fragment F${idNumber} on Person { id }`,
      `{ person(id: "x") { ... on T${idNumber} { id } } }`,
      `query Q${idNumber} { person(id: "x") { id } }`,
      `query Q${idNumber} { person(id: "x") { ethnicity } }`,
      `query($v${idNumber}: ID!) { person(id: $v${idNumber}) { id } }`,
      `{ recipients(filter: { region: "${idNumber}" }) { totalCount } }`,
      `{ recipients(filter: { programme: P${idNumber} }) { totalCount } }`,
      `{ recipients(filter: { onDate: "${idNumber}" }) { totalCount } }`,
      `{ recipients(filter: { k${idNumber}: 1 }) { totalCount } }`,
      `{ recipients(after: "${idNumber}") { totalCount } }`,
      `{ recipients(first: ${idNumber.slice(0, 17)}) { totalCount } }`,
      `{ checkStatus(checks: [{ idNumber: "${idNumber}", caseNo: "${idNumber}'" }]) { result } }`,
      `{ checkStatus(checks: [{ idNumber: ${half} }]) { result } }`,
      `{ "${idNumber}" }`,
      `{ person(id: "${idNumber}`,
      `mutation M${idNumber} { reportAid(input: { items: [{ idNumber: "${idNumber}", name: "x", dryRun: ${half} }] }) { recorded } }`,
    ]) {
      const { text, status } = await ask(query, education);
      expect([query, text]).toEqual([query, expect.not.stringContaining(half)]);
      expect([query, status < 500]).toEqual([query, true]);
    }
    const item = {
      idNumber,
      name: '张三',
      sourceKey: 'k',
      programme: idNumber,
      decidedOn: idNumber,
      amountYuan: idNumber,
    };
    const reported = await ask(
      'mutation($i: ReportAidInput!) { reportAid(input: $i) { results { outcome code field remedy } } }',
      reporting,
      { i: { items: [item] } },
    );
    expect(reported.text).toContain('REJECTED');
    expect(reported.text).not.toContain(half);
    await world.hub.ask('{ feedStatus { record } }', education, { headers: { 'hub-case': `${idNumber}!` } });
    await fetch(`${world.hub.url}/graphql?query=${idNumber}`);
    const metrics = await (await fetch(`${world.hub.url}/metrics`)).text();
    expect(world.hub.logged()).not.toContain(half);
    expect(metrics).not.toContain(half);
    const { rows } = await world.database.owner.query(`select * from access_log log where strpos(log::text, $1) > 0`, [
      half,
    ]);
    expect(rows).toEqual([]);
  });
});

const named = (type: GraphQLInputType): string =>
  isNonNullType(type) || isListType(type) ? named(type.ofType) : type.name;
