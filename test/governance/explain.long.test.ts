/** Explanations say what the policy decides: held against the policy itself, the oracle and the answers of the engine. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PURPOSES, isInForce } from '../../src/access/index.ts';
import type { Agreement, Purpose } from '../../src/access/index.ts';
import { isDenial } from '../../src/graph/index.ts';
import type { Noun, NounField } from '../../src/graph/index.ts';
import { explain } from '../../src/governance/explaining/explain.ts';
import type { Explanation } from '../../src/governance/explaining/explanation.ts';
import { profileOf } from '../../src/governance/dry-run/decide.ts';
import { policyOf } from '../../src/governance/dry-run/dry-run.ts';
import { NOUNS } from '../access/oracle/nouns.ts';
import { ROOTS } from '../access/oracle/roots.ts';
import { allRules } from '../access/oracle/rules.ts';
import type { Agreement as OracleAgreement } from '../access/oracle/scopes.ts';
import { decide, isOpenRoot, mayCount } from '../access/oracle/sharing.ts';
import { readAgreements } from '../access/oracle/tables.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';

const TODAY = '2026-11-22';

let database: TestDatabase;
let hub: TestEngine;
beforeAll(async () => {
  database = await testDatabase();
  hub = await openEngine(database);
});
afterAll(() => database.drop());

const housing = { department: 'HOUSING', role: 'SYSTEM', purpose: 'AID_ELIGIBILITY' } as const;
const told = (coordinate: string, subject: Parameters<typeof explain>[1] = housing): Explanation =>
  explain({ graph: hub.graph, policy: hub.engine.policy, today: TODAY }, subject, coordinate);

/** The policy in force with one agreement changed. */
const withAgreement = (number: string, change: Partial<Agreement>) => {
  const { groups, agreements } = hub.engine.policy;
  return policyOf({
    groups,
    agreements: agreements.map((one) => (one.number === number ? { ...one, ...change } : one)),
  });
};
const toldUnder = (number: string, change: Partial<Agreement>, coordinate: string): Explanation =>
  explain({ graph: hub.graph, policy: withAgreement(number, change), today: TODAY }, housing, coordinate);

describe('one sentence says', () => {
  test('how much, of whom, under which agreement and article, and who answers for it', () => {
    const { decision, scopes, agreement, articles, owner, sentence } = told('Person.address');
    expect({ decision, scopes, owner, articles }).toEqual({
      decision: 'FULL',
      scopes: ['caseload'],
      owner: 'CIVIL_AFFAIRS',
      articles: ['《个人信息保护法》第6条'],
    });
    expect(agreement?.number).toBe('housing');
    expect(sentence).toBe(
      '住房城乡建设业务系统为审核救助资格可用 Person.address：全部，限本部门在办案件的对象；依据协议 housing《住房保障 · Housing》（《社会救助法》第42条（共享互认）；《社会救助暂行办法》第七章）和目录所列《个人信息保护法》第6条，数源部门民政，长期有效。' +
        'HOUSING/SYSTEM for AID_ELIGIBILITY may use Person.address in full, of its own caseload; under agreement housing “住房保障 · Housing” (《社会救助法》第42条（共享互认）；《社会救助暂行办法》第七章), article 《个人信息保护法》第6条, owner CIVIL_AFFAIRS, without end.',
    );
  });

  test('what a mask leaves', () => {
    const { decision, masks, sentence } = told('Person.idNumber');
    expect({ decision, masks }).toEqual({ decision: 'MASKED', masks: ['id-number'] });
    expect(sentence).toContain('部分（只显示末四位）');
  });

  test('which rows an owner opens more narrowly than the row itself', () => {
    const { scopes } = told('HousingRecord.address');
    expect(scopes).toEqual(['everything', 'caseload']);
  });

  test.each([
    ['MedicalSettlement.diagnosis', 'ROWS', 'MEDICAL_SECURITY'],
    ['Person.ethnicity', 'NOT_SHARED', 'CIVIL_AFFAIRS'],
    ['Person.diedOn', 'GROUP', 'CIVIL_AFFAIRS'],
    ['Person.medicalSettlements', 'GROUP', 'MEDICAL_SECURITY'],
    ['Query.recipientStatistics', 'OPERATION', 'CIVIL_AFFAIRS'],
  ])('what is missing for %s: %s, and to ask %s', (coordinate, missing, owner) => {
    const explained = told(coordinate);
    expect(explained).toMatchObject({ decision: 'DENIED', missing, owner });
    expect(explained.sentence).toContain(`hub requests ask`);
    expect(explained.sentence).toContain(owner);
  });

  test('that an agreement is suspended, over, not yet begun or revoked', () => {
    const of = (change: Partial<Agreement>) => toldUnder('housing', change, 'Person.address');
    expect(of({ state: 'SUSPENDED', stateReason: '滥用' })).toMatchObject({ decision: 'DENIED', missing: 'SUSPENDED' });
    expect(of({ state: 'SUSPENDED', stateReason: '滥用' }).sentence).toContain('滥用');
    expect(of({ validUntil: '2026-11-21' })).toMatchObject({ decision: 'DENIED', missing: 'EXPIRED' });
    expect(of({ validUntil: '2026-11-22' })).toMatchObject({ decision: 'FULL' });
    expect(of({ validUntil: '2026-11-22' }).sentence).toContain('有效至 2026-11-22');
    expect(of({ validFrom: '2026-11-23' })).toMatchObject({ decision: 'DENIED', missing: 'NOT_YET_VALID' });
    expect(of({ state: 'REVOKED', stateReason: '终止' })).toMatchObject({ decision: 'DENIED', missing: 'REVOKED' });
    expect(told('Person.name', { department: 'AUDIT', role: 'SYSTEM', purpose: undefined })).toMatchObject({
      decision: 'DENIED',
      missing: 'NO_AGREEMENT',
    });
  });

  test('that the purpose is not in the agreement, and which ones are', () => {
    const explained = told('Person.address', { ...housing, purpose: 'STATISTICS' });
    expect(explained).toMatchObject({ decision: 'DENIED', missing: 'PURPOSE' });
    expect(explained.opensFor).toEqual(['AID_ELIGIBILITY', 'AID_REPORTING', 'CASE_HANDLING']);
  });

  test('what is open to everybody, whatever it is for', () => {
    expect(told('Region.name', { ...housing, purpose: 'STATISTICS' })).toMatchObject({
      decision: 'FULL',
      isPublic: true,
    });
    expect(told('Query.feedStatus')).toMatchObject({ decision: 'FULL', isPublic: true });
  });

  test('that nothing has the name, with what the catalogue has instead and without repeating it', () => {
    expect(() => told('Person.adress')).toThrow(/Person\.address/);
    expect(() => told('Person.adress')).not.toThrow(/adress\b/);
    expect(() => told('Persona.address')).toThrow(/Person\.address/);
    expect(() => told('no coordinate')).toThrow(/Type\.field/);
  });
});

describe('what chooses rows', () => {
  test('a filter or an order by what is seen in full is open, by anything less it is not', () => {
    const analyst = { department: 'CIVIL_AFFAIRS', role: 'ANALYST', purpose: 'DYNAMIC_MONITORING' } as const;
    expect(told('Query.recipients(filter:)')).toMatchObject({ decision: 'FULL' });
    expect(told('RecipientFilter.programme', analyst)).toMatchObject({ decision: 'FULL' });
    expect(told('RecipientFilter.region', analyst)).toMatchObject({ decision: 'MASKED' });
    expect(told('RecipientConnection.totalCount', analyst)).toMatchObject({ decision: 'DENIED', missing: 'COUNTS' });
  });

  test('it says so where the engine refuses, for every agreement, argument, input and value', async () => {
    const asked: readonly (readonly [string, string])[] = [
      ['RecipientOrder.VALID_FROM_ASC', '{ recipients(orderBy: VALID_FROM_ASC) { __typename } }'],
      ['RecipientFilter.category', '{ recipients(filter: { category: "A" }) { __typename } }'],
      [
        'AidGrantOrder.REPORTED_AT_ASC',
        '{ node(id: "x") { ... on Person { aidGrants(orderBy: REPORTED_AT_ASC) { __typename } } } }',
      ],
      [
        'Person.aidGrants(withSuperseded:)',
        '{ node(id: "x") { ... on Person { aidGrants(withSuperseded: true) { __typename } } } }',
      ],
      [
        'Person.memberships(validOn:)',
        '{ node(id: "x") { ... on Person { memberships(validOn: "2026-01-01") { __typename } } } }',
      ],
      ['Query.recipients', '{ recipients { __typename } }'],
    ];
    const seen = new Set<string>();
    for (const { agreement, purpose } of everyStanding()) {
      const { department, role } = agreement;
      for (const [coordinate, text] of asked) {
        const { errors } = await hub.ask(text, callerOf(department, role, { purpose, purposes: [purpose] }));
        const denied = errors.some(({ code }) => code === 'FIELD_DENIED' || code === 'OPERATION_DENIED');
        const { decision, sentence } = told(coordinate, { department, role, purpose });
        // The way to the argument may be closed where the argument itself is not.
        if (errors.some(({ extensions }) => JSON.stringify(extensions).includes('Query.node'))) continue;
        expect([coordinate, agreement.number, decision === 'DENIED', sentence]).toEqual([
          coordinate,
          agreement.number,
          denied,
          sentence,
        ]);
        seen.add(`${coordinate} ${String(denied)}`);
      }
    }
    expect(seen.size).toBeGreaterThan(8);
  });
});

describe('for every coordinate, agreement and purpose', () => {
  test('the explanation decides what the policy decides', () => {
    let compared = 0;
    const decisions = new Set<string>();
    for (const agreement of inForce()) {
      for (const purpose of PURPOSES) {
        const { department, role } = agreement;
        const standing = hub.engine.policy.agreementOf({ department, role, purpose }, TODAY);
        for (const [noun, field] of everyField()) {
          // What a statistic tells depends on more than its own field; the planner is asked (see the engine below).
          if (noun.groups !== undefined) continue;
          const expected =
            standing?.purposes.includes(purpose) === true || noun.anchors.public === true
              ? byPolicy(standing, noun, field)
              : 'DENIED';
          const { decision } = told(field.coordinate, { department, role, purpose });
          if (decision !== expected)
            expect([field.coordinate, agreement.number, purpose, decision]).toEqual([expected]);
          compared += 1;
          decisions.add(decision);
        }
      }
    }
    expect(compared).toBeGreaterThan(10_000);
    expect([...decisions].sort()).toEqual(['DENIED', 'FULL', 'MASKED']);
  });

  test('and what the oracle decides, which knows nothing of the hub', () => {
    const kinds = { full: 'FULL', masked: 'MASKED', deny: 'DENIED' } as const;
    let compared = 0;
    for (const [agreement, subject] of everyOracleAgreement()) {
      for (const coordinate of allRules().keys()) {
        const [type = '', field = ''] = coordinate.split('.');
        const isOpen = NOUNS[type]?.open === true || agreement.rows[type] !== undefined;
        const expected = isOpen ? kinds[decide(agreement, type, field).kind] : 'DENIED';
        expect([coordinate, subject, told(coordinate, subject).decision]).toEqual([coordinate, subject, expected]);
        compared += 1;
      }
      for (const name of Object.keys(ROOTS))
        expect([name, subject, told(`Query.${name}`, subject).decision]).toEqual([
          name,
          subject,
          isOpenRoot(agreement, name) ? 'FULL' : 'DENIED',
        ]);
      if (agreement.rows['Recipient'] !== undefined)
        expect([subject, told('RecipientConnection.totalCount', subject).decision]).toEqual([
          subject,
          mayCount(agreement) ? 'FULL' : 'DENIED',
        ]);
    }
    expect(compared).toBeGreaterThan(500);
  });

  test('and what the engine answers or refuses where a field of a statistic is asked for', async () => {
    const roots = [...hub.graph.roots.values()].filter(({ leadsTo }) =>
      leadsTo.some((name) => hub.graph.nouns.get(name)?.groups !== undefined),
    );
    for (const { agreement, purpose } of everyStanding()) {
      const { department, role } = agreement;
      for (const root of roots) {
        if (!agreement.operations.has(root.name)) continue;
        const noun = hub.graph.nouns.get(root.leadsTo[0] ?? '');
        const span = root.name === 'aidStatistics' ? ', from: "2026-01", to: "2026-02"' : '';
        for (const [name, { coordinate }] of noun?.fields ?? []) {
          const text = `{ ${root.name}(region: "620000000000"${span}) { ${name} } }`;
          const caller = callerOf(department, role, { purpose, purposes: [purpose], caseNo: 'X-1' });
          const { errors } = await hub.ask(text, caller);
          const denied = errors.some(({ code }) => code === 'FIELD_DENIED');
          const { decision } = told(coordinate, { department, role, purpose });
          expect([coordinate, agreement.number, decision === 'DENIED']).toEqual([coordinate, agreement.number, denied]);
        }
      }
    }
  });
});

const inForce = (): readonly Agreement[] => hub.engine.policy.agreements.filter((one) => isInForce(one, TODAY));

const everyStanding = (): readonly { readonly agreement: Agreement; readonly purpose: Purpose }[] =>
  inForce()
    .filter(({ emergency }) => !emergency)
    .flatMap((agreement) => agreement.purposes.slice(0, 1).map((purpose) => ({ agreement, purpose })));

const everyField = (): readonly (readonly [Noun, NounField])[] =>
  [...hub.graph.nouns.values()].flatMap((noun) => [...noun.fields.values()].map((field) => [noun, field] as const));

/** What `SharingPolicy.rows` and `SharingPolicy.field` say, and nothing else. */
function byPolicy(agreement: Agreement | undefined, noun: Noun, { coordinate, rule, leadsTo }: NounField): string {
  const { policy } = hub.engine;
  if (agreement === undefined) return 'DENIED';
  const profile = profileOf(agreement);
  const isOpen = (one: Noun): boolean => one.anchors.public === true || !isDenial(policy.rows(profile, one.name));
  if (!isOpen(noun)) return 'DENIED';
  const ends = leadsTo.flatMap((name) => hub.graph.nouns.get(name) ?? []);
  if (ends.length > 0 && !ends.some(isOpen)) return 'DENIED';
  const { kind } = policy.field(profile, coordinate, rule);
  return { full: 'FULL', mask: 'MASKED', deny: 'DENIED' }[kind];
}

/** The agreements of the files, with who stands on them. */
function everyOracleAgreement(): readonly (readonly [OracleAgreement, Parameters<typeof explain>[1]])[] {
  return readAgreements('schema/policy')
    .filter(({ role }) => role !== 'STEWARD')
    .map((agreement) => [
      agreement,
      {
        department: agreement.department as (typeof housing)['department'],
        role: agreement.role as (typeof housing)['role'],
        purpose: agreement.purposes[0] as Purpose,
      },
    ]);
}
