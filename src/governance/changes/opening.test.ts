import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultsAmong, toAgreement } from '../../access/index.ts';
import type { Agreement, FieldGrant, PolicyContent, Purpose } from '../../access/index.ts';
import { addDays } from '../../platform/dates.ts';
import { opens } from './opening.ts';
import type { Opening, RowsOpen, Shape } from './opening.ts';

const SHAPE: Shape = new Map([
  ['Person', new Set(['name', 'address', 'public'])],
  ['AidGrant', new Set(['aid', 'name'])],
]);
const DAYS = Array.from({ length: 12 }, (_, i) => addDays('2026-12-26', i));
const [FIRST = '', LAST = ''] = [DAYS[0], DAYS.at(-1)];

const rowScope = fc.constantFrom<RowsOpen>('everything', 'region', 'caseload', 'case', 'own-department', 'match');
const grant = fc.record<FieldGrant>({
  access: fc.constantFrom('full', 'masked'),
  scope: fc.constantFrom(undefined, 'region', 'caseload', 'case', 'own-department'),
});
const some = <T>(keys: readonly string[], value: fc.Arbitrary<T>): fc.Arbitrary<Map<string, T>> =>
  fc
    .record(Object.fromEntries(keys.map((key) => [key, fc.option(value, { nil: undefined, freq: 3 })])))
    .map((found) => new Map(Object.entries(found).filter((entry): entry is [string, T] => entry[1] !== undefined)));

const agreement = fc
  .record({
    number: fc.constantFrom('a', 'b', 'c', 'd'),
    department: fc.constantFrom('HOUSING' as const, 'HEALTH' as const),
    purposes: fc.subarray<Purpose>(['AID_ELIGIBILITY', 'CASE_HANDLING'], { minLength: 1 }),
    from: fc.nat(9),
    days: fc.option(fc.nat(6), { nil: undefined }),
    state: fc.constantFrom<Agreement['state']>('ACTIVE', 'ACTIVE', 'ACTIVE', 'SUSPENDED'),
    smallestCount: fc.constantFrom(0, 10),
    operations: fc.subarray(['person', 'recipients']),
    rows: some(['Person', 'AidGrant'], rowScope),
    fields: some(['name', 'address', 'aid'], grant),
  })
  .map(({ number, department, from, days, state, rows, fields, ...rest }): Agreement => {
    const validFrom = addDays(FIRST, from);
    const form = { role: 'SYSTEM', title: 't', legalBasis: 'l', emergency: false, ...rest } as const;
    const validUntil = days === undefined ? undefined : addDays(validFrom, days);
    return {
      ...toAgreement(number, department, { ...form, validFrom, validUntil, rows: {}, fields: {} }),
      state,
      rows,
      fields,
    };
  });
/** Policies that could be published: at most one agreement decides for a request. */
const policy = fc.array(agreement, { maxLength: 4 }).map((agreements): PolicyContent => {
  const kept: Agreement[] = [];
  for (const one of agreements) if (faultsAmong([...kept, one]).length === 0) kept.push(one);
  return { groups: new Map(), agreements: kept };
});
/** Two that have much in common. */
const change = fc
  .tuple(policy, policy, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
  .map(([one, two, keep]) => {
    const kept = one.agreements.filter((_, i) => keep[i] === true);
    const agreements = [...kept];
    for (const other of two.agreements) if (faultsAmong([...agreements, other]).length === 0) agreements.push(other);
    return { before: one, after: { groups: one.groups, agreements } };
  });

/** Rows by the scopes in which they lie; a case lies in the caseload. */
const ROWS: readonly ReadonlySet<string>[] = [0, 1, 2].flatMap((caseload) =>
  [0, 1].flatMap((region) =>
    [0, 1].map(
      (own) =>
        new Set([
          ...(caseload > 0 ? ['caseload'] : []),
          ...(caseload > 1 ? ['case'] : []),
          ...(region > 0 ? ['region'] : []),
          ...(own > 0 ? ['own-department'] : []),
        ]),
    ),
  ),
);
/** A question names a row, or nobody asked about it. */
const lies = (row: ReadonlySet<string>, asked: boolean, scope: RowsOpen | undefined): boolean =>
  scope === undefined || scope === 'everything' || (scope === 'match' ? asked : row.has(scope));

/** Everything that a policy gives, one line for each fact that a request could learn: written without any thought of `opens`. */
function facts({ agreements }: PolicyContent): Set<string> {
  const found = new Set<string>();
  for (const one of agreements) {
    if (one.state !== 'ACTIVE') continue;
    for (const day of [...DAYS, FAR]) {
      if (one.validFrom > day || (one.validUntil !== undefined && one.validUntil < day)) continue;
      for (const purpose of one.purposes)
        for (const fact of factsOf(one)) found.add([one.department, purpose, day, fact].join(' '));
    }
  }
  return found;
}
const FAR = '2199-01-01';

function factsOf(one: Pick<Agreement, 'rows' | 'fields' | 'operations' | 'smallestCount'>): string[] {
  const told: string[] = [...one.operations].map((operation) => `may ${operation}`);
  for (let count = one.smallestCount; count <= 10; count += 10) told.push(`counts from ${count}`);
  for (const [type, scope] of one.rows) {
    for (const [i, row] of ROWS.entries()) {
      for (const asked of [false, true]) {
        if (!lies(row, asked, scope)) continue;
        told.push(`${type} ${i} ${String(asked)}`);
        for (const [group, { access, scope: narrower }] of one.fields) {
          if (SHAPE.get(type)?.has(group) !== true || !lies(row, asked, narrower)) continue;
          for (const how of access === 'full' ? ['full', 'masked'] : ['masked'])
            told.push(`${type} ${i} ${String(asked)} ${group} ${how}`);
        }
      }
    }
  }
  return told;
}

/** The facts that an opening speaks of. */
function factsIn(opening: Opening): string[] {
  const nothing = { rows: new Map(), fields: new Map(), operations: new Set<string>(), smallestCount: 20 };
  const told = (() => {
    switch (opening.kind) {
      case 'OPERATION':
        return factsOf({ ...nothing, operations: new Set([opening.operation]) });
      case 'MISSES':
        throw new Error('No policy here speaks of fruitless checks');
      case 'COUNTS':
        return factsOf({ ...nothing, smallestCount: opening.smallestCount });
      case 'ROWS':
        return factsOf({ ...nothing, rows: new Map([[opening.type, opening.rows]]) });
      case 'FIELDS': {
        const { type, rows, group, access, scope } = opening;
        const all = factsOf({
          ...nothing,
          rows: new Map([[type, rows]]),
          fields: new Map([[group, { access, scope }]]),
        });
        return all.filter((fact) => fact.endsWith('full') || fact.endsWith('masked'));
      }
    }
  })();
  const { department, purpose, from, until } = opening;
  return [...DAYS, FAR]
    .filter((day) => from <= day && (until === undefined || day <= until))
    .flatMap((day) => told.map((fact) => [department, purpose, day, fact].join(' ')));
}

test('what a change opens is exactly what could be had after it and not before', () => {
  let opened = 0;
  fc.assert(
    fc.property(change, ({ before, after }) => {
      const [had, has] = [facts(before), facts(after)];
      const listed = opens(before, after, SHAPE);
      opened += listed.length;
      const told = listed.map(factsIn);
      const all = new Set(told.flat());
      // Nothing new is left out.
      expect([...has].filter((fact) => !had.has(fact) && !all.has(fact))).toEqual([]);
      // Nothing is listed that cannot be had, and nothing in which there is nothing new on some day.
      expect([...all].filter((fact) => !has.has(fact))).toEqual([]);
      for (const [i, lines] of told.entries()) {
        const days = new Map<string, boolean>();
        for (const line of lines) {
          const day = line.split(' ')[2] ?? '';
          days.set(day, days.get(day) === true || !had.has(line));
        }
        expect({ opening: listed[i], news: [...days.values()] }).toMatchObject({ news: [...days].map(() => true) });
      }
    }),
    { seed: 1, numRuns: 600 },
  );
  expect(opened).toBeGreaterThan(2_000);
});

test('a policy opens nothing that it gave before, and a suspension opens nothing', () => {
  fc.assert(
    fc.property(policy, (one) => {
      expect(opens(one, one, SHAPE)).toEqual([]);
      const agreements = one.agreements.map((agreement) => ({
        ...agreement,
        state: 'SUSPENDED' as const,
        stateReason: 'x',
      }));
      expect(opens(one, { ...one, agreements }, SHAPE)).toEqual([]);
    }),
    { seed: 2, numRuns: 300 },
  );
});

const base = (change: Partial<Parameters<typeof toAgreement>[2]> = {}): PolicyContent => ({
  groups: new Map(),
  agreements: [
    toAgreement('housing', 'HOUSING', {
      ...{ role: 'SYSTEM', title: 't', legalBasis: 'l', emergency: false, smallestCount: 0 },
      ...{ purposes: ['AID_ELIGIBILITY'], validFrom: FIRST, validUntil: LAST, operations: ['person'] },
      ...{ rows: { Person: 'caseload' }, fields: { name: { access: 'masked', scope: undefined } } },
      ...change,
    }),
  ],
});

test('masked to full opens the one group, on the rows that were open already', () => {
  expect(opens(base(), base({ fields: { name: { access: 'full', scope: undefined } } }), SHAPE)).toEqual([
    {
      ...{ agreement: 'housing', department: 'HOUSING', role: 'SYSTEM', purpose: 'AID_ELIGIBILITY' },
      ...{ from: FIRST, until: LAST, kind: 'FIELDS', type: 'Person', group: 'name' },
      ...{ access: 'full', rows: 'caseload', scope: undefined },
    },
  ]);
});

test('a later end opens the days after the old one alone', () => {
  const opened = opens(base(), base({ validUntil: undefined }), SHAPE);
  expect(opened.map(({ kind }) => kind).sort()).toEqual(['COUNTS', 'FIELDS', 'OPERATION', 'ROWS']);
  for (const { from, until } of opened) expect({ from, until }).toEqual({ from: addDays(LAST, 1), until: undefined });
});

test('a case within the caseload opens nothing; the region beside it opens all of it', () => {
  expect(opens(base(), base({ rows: { Person: 'case' } }), SHAPE)).toEqual([]);
  expect(opens(base(), base({ rows: { Person: 'region' } }), SHAPE)).toMatchObject([
    { kind: 'ROWS', rows: 'region' },
    { kind: 'FIELDS', rows: 'region', group: 'name' },
  ]);
});

test('more fruitless checks a day are an opening, and so is the setting of the hub in place of a number', () => {
  const misses = (missesPerDay: number | undefined) => base({ missesPerDay });
  const opened = (before: number | undefined, after: number | undefined) =>
    opens(misses(before), misses(after), SHAPE).map(({ kind }) => kind);
  expect(opened(100, 200)).toEqual(['MISSES']);
  expect(opened(undefined, 200)).toEqual(['MISSES']);
  expect(opened(200, undefined)).toEqual(['MISSES']);
  expect(opened(200, 100)).toEqual([]);
  expect(opened(undefined, undefined)).toEqual([]);
});
