/** Stewards try changes on what the ledger holds, over HTTP, and see how agreements are used; each reading is on record. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { HttpAnswer } from '../harness/hub.ts';
import { civilAffairs, housing, openGovernedHubs, sharing, steward } from './harness.ts';
import type { GovernedHubs } from './harness.ts';

let world: GovernedHubs;
beforeAll(async () => {
  world = await openGovernedHubs();
});
afterAll(() => world.close());
beforeEach(() => {
  world.at('2026-11-22T10:00:00+08:00');
});

const REPORT = `candidate baseVersion asOf requests effects { effect requests }
  affected { operation client effect code requests denied { coordinate owner } less more }
  exposures { coordinate department from to persons basis } vanishing { agreement purposes requests }`;

interface Report {
  readonly candidate: string;
  readonly asOf: string;
  readonly requests: number;
  readonly effects: readonly { readonly effect: string; readonly requests: number }[];
  readonly affected: readonly {
    readonly operation: string;
    readonly client: string;
    readonly effect: string;
    readonly code: string | null;
    readonly requests: number;
    readonly denied: readonly { readonly coordinate: string; readonly owner: string }[];
    readonly less: readonly string[];
    readonly more: readonly string[];
  }[];
  readonly exposures: readonly {
    readonly coordinate: string;
    readonly department: string;
    readonly from: string;
    readonly to: string;
    readonly persons: number;
    readonly basis: string;
  }[];
  readonly vanishing: readonly {
    readonly agreement: string | null;
    readonly purposes: readonly string[];
    readonly requests: number;
  }[];
}

const by = steward('HOUSING');
const ask = async (query: string, caller = by): Promise<HttpAnswer> => world.hubs[0].ask(query, caller);

async function dryRun(change: string): Promise<Report> {
  const { json, text } = await ask(`{ policyDryRun(change: "${change}", since: "2026-11-01") { ${REPORT} } }`);
  const report = json.data?.['policyDryRun'];
  if (report === undefined || report === null) throw new Error(text);
  return report as Report;
}

/** Drafts a change of housing's agreement and says what it is. */
async function draft(change: Parameters<GovernedHubs['amend']>[1]): Promise<string> {
  const terms = change(await world.termsOf('housing'));
  const drafted = await world.draft(by, { kind: 'AMEND', agreement: 'housing', terms });
  if (drafted.outcome !== 'DRAFTED') throw new Error(JSON.stringify(drafted));
  return drafted.change;
}

const countOf = async (where: string): Promise<number> =>
  (await world.database.owner.query(`select from access_log where ${where}`)).rowCount ?? 0;

describe('a change is tried on the past', () => {
  test('what it closes would fail, what it opens would pass, and of how many is told', async () => {
    const named = `query NameAndAddress { person(id: "${world.personId}") { name address } }`;
    const died = `query Death { person(id: "${world.personId}") { name diedOn } }`;
    for (let i = 0; i < 3; i++) await ask(named, housing());
    for (let i = 0; i < 2; i++) await ask(died, housing());
    const closing = await dryRun(await draft(sharing('address', null)));
    expect(closing.affected).toEqual([
      {
        operation: 'NameAndAddress',
        client: 'housing.test',
        effect: 'FAILS',
        code: 'FIELD_DENIED',
        requests: 3,
        denied: [{ coordinate: 'Person.address', owner: 'CIVIL_AFFAIRS' }],
        less: [],
        more: [],
      },
    ]);
    expect(closing.exposures).toEqual([]);

    const opening = await dryRun(await draft(sharing('death', 'FULL')));
    expect(opening.affected).toEqual([
      expect.objectContaining({
        operation: 'Death',
        effect: 'PASSES',
        requests: 2,
        more: ['Person.name', 'Person.diedOn'],
      }),
    ]);
    expect(opening.exposures).toEqual([
      {
        coordinate: 'Person.diedOn',
        department: 'HOUSING',
        from: 'denied',
        to: 'full:caseload',
        persons: 1,
        basis: 'ASKED',
      },
      // Of the same group, and nobody of the department has asked for it.
      {
        coordinate: 'Person.benefitsAfterDeath',
        department: 'HOUSING',
        from: 'denied',
        to: 'full:caseload',
        persons: 1,
        basis: 'NEVER_ASKED',
      },
    ]);
    expect(opening.effects).toContainEqual({ effect: 'PASSES', requests: 2 });

    const masking = await dryRun(await draft(sharing('name', 'MASKED')));
    expect(masking.affected.map(({ operation, effect, less }) => [operation, effect, less])).toEqual([
      ['NameAndAddress', 'TELLS_LESS', ['Person.name']],
    ]);
  });

  test('a coordinate that nobody asked for is told with an upper bound', async () => {
    const { exposures } = await dryRun(await draft(sharing('labour-ability', 'FULL')));
    expect(exposures).toEqual([
      expect.objectContaining({ coordinate: 'Person.labourAbility', persons: 1, basis: 'NEVER_ASKED' }),
    ]);
  });

  test('a type that was never read and rows that widen say what their number means', async () => {
    const { exposures } = await dryRun(
      await draft((terms) => ({
        ...terms,
        rows: [...terms.rows.filter(({ type }) => type !== 'Person'), { type: 'Person', scope: 'REGION' }],
      })),
    );
    expect(exposures.length).toBeGreaterThan(5);
    expect(exposures.find(({ coordinate }) => coordinate === 'Person.name')).toMatchObject({
      basis: 'MORE_ROWS',
      persons: 1,
    });
  });

  test('a case that is in no caseload stays refused, unless the rows are open without one', async () => {
    const query = `query UnknownCase { person(id: "${world.personId}") { name } }`;
    const { json } = await ask(query, { ...housing(), caseNo: 'NOBODY-1' });
    expect(json.errors?.[0]?.extensions['code']).toBe('CASE_NOT_IN_CASELOAD');
    const of = (report: Report) => report.affected.filter(({ operation }) => operation === 'UnknownCase');
    expect(of(await dryRun(await draft(sharing('death', 'FULL'))))).toEqual([]);
    const toRegion = (terms: Awaited<ReturnType<GovernedHubs['termsOf']>>) => ({
      ...terms,
      rows: [...terms.rows.filter(({ type }) => type !== 'Person'), { type: 'Person', scope: 'REGION' }],
    });
    expect(of(await dryRun(await draft(toRegion)))).toEqual([
      expect.objectContaining({ effect: 'PASSES', code: 'CASE_NOT_IN_CASELOAD', requests: 1 }),
    ]);
  });

  test('purposes that go are named with the requests that relied on them', async () => {
    const { vanishing, affected } = await dryRun(
      await draft((terms) => ({
        ...terms,
        purposes: terms.purposes.filter((purpose) => purpose !== 'AID_ELIGIBILITY'),
      })),
    );
    expect(vanishing).toEqual([{ agreement: null, purposes: ['AID_ELIGIBILITY'], requests: 3 }]);
    expect(affected[0]).toMatchObject({ effect: 'FAILS', code: 'PURPOSE_NOT_ALLOWED', requests: 3 });
  });

  test('the draft in hand is tried like one on file', async () => {
    const { json } = await ask(`{ sharingAgreements(number: "housing") { number } }`);
    expect(json.errors).toBeUndefined();
    const file = {
      number: 'housing',
      department: 'HOUSING',
      role: 'SYSTEM',
      title: 'x',
      legalBasis: 'x',
      purposes: ['AID_ELIGIBILITY'],
      validFrom: '2026-12-01',
      operations: ['person'],
      rows: { Person: 'case' },
      fields: { 'person-id': 'full', 'record-id': 'full', name: 'full' },
    };
    const answer = await world.hubs[0].ask(
      `query ($draft: String) { policyDryRun(draft: $draft, since: "2026-11-01") { ${REPORT} } }`,
      by,
      { variables: { draft: JSON.stringify(file) } },
    );
    const report = answer.json.data?.['policyDryRun'] as Report;
    expect(report).toMatchObject({ candidate: 'housing', asOf: '2026-12-01' });
    expect(report.affected).toContainEqual(expect.objectContaining({ operation: 'NameAndAddress', effect: 'FAILS' }));
  });

  test.each([
    ['neither a change nor a draft', '', 'name one of them'],
    ['an identifier of nothing', 'change: "x"', 'no change with this identifier'],
    ['a draft that is no JSON', 'draft: "{"', 'no JSON'],
    [
      'a draft that names what is not there',
      'draft: "{\\"number\\": \\"housing\\", \\"department\\": 1}"',
      'department',
    ],
    ['a span that ends before it begins', 'change: "x", since: "2026-11-02", until: "2026-11-01"', 'change'],
  ])('%s is refused with what to mend', async (_what, args, message) => {
    const { json } = await ask(`{ policyDryRun${args === '' ? '' : `(${args})`} { candidate } }`);
    expect(json.errors?.[0]?.message).toContain(message);
    expect(json.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });
});

describe('who may', () => {
  test('nobody but a steward with the purpose GOVERNANCE and a case, and every try is on record', async () => {
    const { caseNo: _, ...caseless } = by;
    const tries = [
      [housing(), 'OPERATION_DENIED'],
      [civilAffairs, 'OPERATION_DENIED'],
      [caseless, 'CASE_REQUIRED'],
    ] as const;
    for (const field of [
      'policyUnused { agreement }',
      'policyExpiring { agreement }',
      'policyDryRun(change: "x") { candidate }',
    ])
      for (const [caller, code] of tries) {
        const name = field.split(/\W/u)[0] ?? '';
        const where = `operation_name = '${name}' and decision = 'REFUSED' and reason = '${code}' and client = '${caller.client}'`;
        const before = await countOf(where);
        const { json } = await ask(`{ ${field} }`, caller);
        expect([field, json.errors?.[0]?.extensions['code']]).toEqual([field, code]);
        expect(await countOf(where)).toBe(before + 1);
      }
  });

  test('what is told stands in the ledger before it is told', async () => {
    const where = `operation_name = 'policyDryRun' and decision = 'ALLOWED' and client = '${by.client}' and persons is null`;
    const before = await countOf(where);
    await dryRun(await draft(sharing('death', 'FULL')));
    expect(await countOf(where)).toBe(before + 1);
  });
});

describe('how agreements are used', () => {
  interface Unused {
    readonly agreement: string;
    readonly requests: number;
    readonly operations: readonly string[];
    readonly groups: readonly {
      readonly group: string;
      readonly whole: boolean;
      readonly coordinates: readonly string[];
    }[];
  }

  test('what is granted and nobody used is listed, what was told or chose rows is not', async () => {
    await ask(`{ recipients(first: 1, filter: { region: "620000000000" }) { nodes { programme } } }`, housing());
    const { json } = await ask(
      '{ policyUnused(since: "2026-11-01") { agreement requests operations groups { group whole coordinates } } }',
    );
    const all = json.data?.['policyUnused'] as Unused[];
    const own = all.find(({ agreement }) => agreement === 'housing');
    expect(own?.requests).toBe(4);
    expect(own?.operations).toEqual(expect.arrayContaining(['checkStatus', 'household', 'reportAid']));
    for (const used of ['person', 'recipients']) expect(own?.operations).not.toContain(used);
    const groups = new Map(own?.groups.map((group) => [group.group, group]));
    expect(groups.get('name')).toBeUndefined();
    expect(groups.get('address')).toMatchObject({ whole: false });
    expect(groups.get('address')?.coordinates).not.toContain('Person.address');
    expect(groups.get('address')?.coordinates).toContain('Household.address');
    expect(groups.get('phone')).toEqual({ group: 'phone', whole: true, coordinates: ['Person.phone'] });
    // Only chosen by, never told.
    expect(groups.get('region-county')?.coordinates).not.toContain('Recipient.countyCode');
    // No operation of the agreement leads to statistics.
    expect(own?.groups.flatMap(({ coordinates }) => coordinates)).not.toContain('RecipientStatistic.persons');
    expect(all.find(({ agreement }) => agreement === 'education')?.requests).toBe(0);
  });

  test('agreements about to end are listed with who relied on them', async () => {
    const relied = { client: 'housing.test', requests: 4 };
    const query = (within: string): Promise<HttpAnswer> =>
      ask(`{ policyExpiring${within} { agreement validUntil daysLeft relied { client requests } } }`);
    expect((await query('')).json.data?.['policyExpiring']).toEqual([]);
    const ending = (terms: Awaited<ReturnType<GovernedHubs['termsOf']>>) => ({ ...terms, validUntil: '2027-01-21' });
    const published = await world.amend('housing', ending, [steward('HOUSING'), steward('HOUSING', 'b')]);
    expect(published.outcome).toBe('PUBLISHED');
    const ends = { agreement: 'housing', validUntil: '2027-01-21', daysLeft: 60, relied: [relied] };
    expect((await query('')).json.data?.['policyExpiring']).toEqual([ends]);
    expect((await query('(within: 59)')).json.data?.['policyExpiring']).toEqual([]);
  });
});

test('anybody may have a decision explained, for itself or for another role, without purpose and without a record', async () => {
  const { purpose: _, caseNo: __, ...plain } = housing();
  const before = await countOf('true');
  const { json } = await ask(
    `{ own: explainAccess(coordinate: "Person.address", purpose: AID_ELIGIBILITY) { sentence decision agreement scopes owner articles }
       other: explainAccess(coordinate: "MedicalSettlement.diagnosis", department: HEALTH, role: SYSTEM) { decision purpose }
       wrong: explainAccess(coordinate: "Person.adress") { sentence } }`,
    plain,
  );
  expect(json.errors?.[0]?.message).toContain('Person.address');
  const answer = await ask(
    `{ own: explainAccess(coordinate: "Person.address", purpose: AID_ELIGIBILITY) { decision agreement scopes owner articles }
       other: explainAccess(coordinate: "MedicalSettlement.diagnosis", department: HEALTH, role: SYSTEM) { decision purpose } }`,
    plain,
  );
  expect(answer.json.data).toEqual({
    own: {
      decision: 'FULL',
      agreement: 'housing',
      scopes: ['caseload'],
      owner: 'CIVIL_AFFAIRS',
      articles: ['《个人信息保护法》第6条'],
    },
    other: { decision: 'FULL', purpose: null },
  });
  expect(await countOf('true')).toBe(before);
});
