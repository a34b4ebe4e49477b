import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { loadVersion, publishPolicy, readPolicyFiles } from '../../src/access/index.ts';
import { recordKinds } from '../../src/server/department-modules.ts';
import type { HttpAnswer } from '../harness/hub.ts';
import { NOW } from '../harness/engine.ts';
import { civilAffairs, housing, openGovernedHubs, sharing, steward } from './harness.ts';
import type { GovernedHubs, Terms } from './harness.ts';

let world: GovernedHubs;
let birthDate: string;
beforeAll(async () => {
  world = await openGovernedHubs();
  birthDate = `{ person(id: "${world.personId}") { birthDate } }`;
});
afterAll(() => world.close());
beforeEach(() => {
  world.at(NOW);
});

const OWNERS = [steward('HOUSING'), steward('CIVIL_AFFAIRS')] as const;
/** What each hub says: what is masked, or the code of the refusal. */
const seen = async (query = birthDate, caller = housing()): Promise<unknown[]> =>
  (await world.ask(query, caller)).map(verdict);
const verdict = ({ json }: HttpAnswer): unknown =>
  json.errors?.[0]?.extensions['code'] ?? json.extensions?.['masked'] ?? 'full';
const MASKED = [['Person.birthDate'], ['Person.birthDate']];
const headVersion = async (): Promise<number> =>
  (await world.database.owner.query<{ version: number }>('select version from policy_head')).rows[0]?.version ?? 0;
const changed =
  (change: Readonly<Record<string, unknown>>) =>
  (terms: Terms): Terms => ({ ...terms, ...change });

const REQUEST = 'RQ-2026-000001';
const GRANTED = ['labour-ability', 'person-id', 'record-id'];

/** A request of housing that civil affairs granted until 15 December, as rows. */
async function grantedRequest(): Promise<void> {
  const { owner } = world.database;
  const id = '00000000-0000-7000-8000-000000000001';
  await owner.query(
    `insert into access_request (id, number, department, parties, client_key, digest, role, purposes, operations, row_scopes,
       legal_basis, scenario, mode, valid_from, valid_until, requested_by, requested_at, state, closed_by, closed_at)
     values ($1, $2, 'HOUSING', '{HOUSING,CIVIL_AFFAIRS}', 'k', sha256('x'), 'SYSTEM', '{CASE_HANDLING}', '{person}',
       '{Person:CASELOAD}', 'x', 'x', 'SERVICE_INTERFACE', '2026-11-22', '2026-12-31', 'h', now(), 'GRANTED', 'c', now())`,
    [id, REQUEST],
  );
  await owner.query(
    `insert into access_request_group (id, request_id, name, owner, attribute, access, granted_access)
     select gen_random_uuid(), $1, name, 'CIVIL_AFFAIRS', 'CONDITIONAL', 'FULL', 'FULL' from unnest($2::text[]) name`,
    [id, GRANTED],
  );
  await owner.query(
    `insert into access_request_answer (id, request_id, owner, received_on, term_days, verdict, granted_until, answered_by,
       answered_at) values (gen_random_uuid(), $1, 'CIVIL_AFFAIRS', '2026-11-20', 10, 'GRANTED', '2026-12-15', 'c', now())`,
    [id],
  );
}

describe('a change', () => {
  test('decides nothing as a draft, and everything with the next request on every process once it is published', async () => {
    // Both processes hold the plan.
    expect(await seen()).toEqual(MASKED);
    const terms = sharing('birth-date', 'FULL')(await world.termsOf('housing'));
    const drafted = await world.draft(steward('HOUSING'), { kind: 'AMEND', agreement: 'housing', terms });
    expect(drafted).toMatchObject({
      outcome: 'DRAFTED',
      agreement: 'housing',
      consentMissing: ['CIVIL_AFFAIRS'],
      opens: expect.arrayContaining([
        expect.stringMatching(/HOUSING\/SYSTEM · AID_ELIGIBILITY · birth-date \(Person\)/),
      ]),
    });
    expect(drafted.opens).toHaveLength(3); // one for each purpose
    expect(await seen()).toEqual(MASKED);
    const published = await world.publish(steward('CIVIL_AFFAIRS'), drafted.change);
    expect(published).toMatchObject({ outcome: 'PUBLISHED', version: await headVersion() });
    expect(await seen()).toEqual(['full', 'full']);
    await world.amend('housing', sharing('birth-date', 'MASKED'), OWNERS);
    expect(await seen()).toEqual(MASKED);
  });

  test('is not published by whoever drafted it, neither by the hub nor past it in the database', async () => {
    const terms = sharing('birth-date', null)(await world.termsOf('housing'));
    const { change } = await world.draft(steward('HOUSING'), { kind: 'AMEND', agreement: 'housing', terms });
    const before = await headVersion();
    expect(await world.publish(steward('HOUSING'), change)).toMatchObject({ outcome: 'SAME_PERSON' });
    expect(await headVersion()).toBe(before);
    await expect(
      world.database.server.query(
        `update policy_change set state = 'PUBLISHED', decided_by = drafted_by, published_version = $2 where id = $1`,
        [change, before],
      ),
    ).rejects.toMatchObject({ constraint: 'ck_policy_change__two_pairs_of_eyes' });
    expect(await world.withdraw(steward('HOUSING', 'b'), change)).toMatchObject({ outcome: 'WITHDRAWN' });
    expect(await world.publish(steward('CIVIL_AFFAIRS'), change)).toMatchObject({ outcome: 'NOT_OPEN' });
  });

  test('that opens data waits for its owner; one that closes it does not', async () => {
    const two = [steward('HOUSING'), steward('HOUSING', 'b')] as const;
    const wider = await world.amend('housing', sharing('phone', 'FULL'), two);
    expect(wider).toMatchObject({ outcome: 'CONSENT_MISSING', consentMissing: ['CIVIL_AFFAIRS'] });
    expect(wider.opens.every((line) => line.includes('phone'))).toBe(true);
    expect(await world.amend('housing', sharing('phone', null), two)).toMatchObject({
      outcome: 'PUBLISHED',
      opens: [],
    });
    const again = await world.amend('housing', sharing('phone', 'MASKED'), OWNERS);
    expect(again).toMatchObject({ outcome: 'PUBLISHED' });
  });

  test('needs no other word of an owner who granted it to a request, and only for what was granted', async () => {
    await grantedRequest();
    const amend = await world.termsOf('housing');
    const draft = async (validUntil: string, request: string | null) => {
      const terms = {
        ...amend,
        ...{ title: '劳动能力核对', purposes: ['CASE_HANDLING'], validFrom: '2026-11-22', validUntil },
        operations: ['person'],
        rows: [{ type: 'Person', scope: 'CASELOAD' }],
        fields: GRANTED.map((name) => ({ name, access: 'FULL' })),
      };
      const drafted = await world.draft(steward('HOUSING'), { kind: 'AMEND', terms, request });
      return drafted.outcome === 'DRAFTED' ? world.publish(steward('HOUSING', 'b'), drafted.change) : drafted;
    };
    expect(await draft('2026-12-15', REQUEST)).toMatchObject({
      outcome: 'FAULTY',
      faults: [expect.stringContaining('housing decides CASE_HANDLING at the same time')],
    });
    await world.amend('housing', changed({ purposes: ['AID_ELIGIBILITY', 'AID_REPORTING'] }), OWNERS);
    const missing = { outcome: 'CONSENT_MISSING', consentMissing: ['CIVIL_AFFAIRS'] };
    expect(await draft('2026-12-15', null)).toMatchObject(missing);
    expect(await draft('2026-12-16', REQUEST)).toMatchObject(missing);
    expect(await draft('2026-12-15', 'RQ-2026-999999')).toMatchObject({ outcome: 'FAULTY' });
    const published = await draft('2026-12-15', REQUEST);
    expect(published).toMatchObject({ outcome: 'PUBLISHED', agreement: expect.stringMatching(/^AG-2026-\d{6}$/) });

    // Of the two agreements the purpose picks one.
    const ability = `{ person(id: "${world.personId}") { labourAbility } }`;
    expect(await seen(ability, housing('CASE_HANDLING'))).toEqual(['full', 'full']);
    expect(await seen(ability, housing('AID_ELIGIBILITY'))).toEqual(['FIELD_DENIED', 'FIELD_DENIED']);
    expect(await seen(birthDate, housing('CASE_HANDLING'))).toEqual(['FIELD_DENIED', 'FIELD_DENIED']);
    expect(await seen(birthDate, housing('AID_ELIGIBILITY'))).toEqual(MASKED);

    const revoke = { kind: 'REVOKE', agreement: published.agreement, reason: '核对完毕' };
    const { change } = await world.draft(steward('HOUSING'), revoke);
    expect(await world.publish(steward('HOUSING', 'b'), change)).toMatchObject({ outcome: 'PUBLISHED', opens: [] });
    expect(await seen(ability, housing('CASE_HANDLING'))).toEqual(['FIELD_DENIED', 'FIELD_DENIED']);
  });

  test('that does not fit is refused when it is drafted, and all that is wrong is said at once', async () => {
    const terms = await world.termsOf('education');
    const broken = {
      ...terms,
      operations: ['person', 'shoeSizes'],
      rows: [...terms.rows, { type: 'Dragon', scope: 'CASELOAD' }],
      fields: [...terms.fields, { name: 'shoe-size', access: 'FULL' }, { name: 'ethnicity', access: 'FULL' }],
    };
    const { outcome, faults } = await world.draft(steward('EDUCATION'), {
      kind: 'AMEND',
      agreement: 'education',
      terms: broken,
    });
    expect(outcome).toBe('FAULTY');
    for (const fault of ['shoeSizes', 'Dragon', 'shoe-size', '民族 (ethnicity) is not shared'])
      expect(faults.join('\n')).toContain(fault);
    const unknown = await world.draft(steward('EDUCATION'), { kind: 'AMEND', agreement: 'nobody', terms });
    expect(unknown).toMatchObject({ outcome: 'UNKNOWN' });
    const foreign = await world.draft(steward('LABOUR'), {
      kind: 'AMEND',
      agreement: 'education',
      terms: sharing('phone', null)(terms),
    });
    expect(foreign).toMatchObject({ outcome: 'NOT_YOURS' });
  });

  test('that is sent again is the same draft, and published again the same version', async () => {
    const terms = sharing('sex', null)(await world.termsOf('housing'));
    const input = { kind: 'AMEND', agreement: 'housing', terms, key: 'once' };
    const first = await world.draft(steward('HOUSING'), input);
    expect(await world.draft(steward('HOUSING'), input)).toMatchObject({ outcome: 'UNCHANGED', change: first.change });
    const published = await world.publish(steward('HOUSING', 'b'), first.change);
    const again = await world.publish(steward('HOUSING', 'b'), first.change);
    expect(again).toMatchObject({ outcome: 'UNCHANGED', version: published.version });
    await world.amend('housing', sharing('sex', 'FULL'), OWNERS);
  });

  test('against an older version is refused with what differs', async () => {
    const terms = sharing('status', null)(await world.termsOf('housing'));
    const late = await world.draft(steward('HOUSING'), { kind: 'AMEND', agreement: 'housing', terms });
    await world.amend('housing', sharing('sex', null), OWNERS);
    const { outcome, differences } = await world.publish(steward('CIVIL_AFFAIRS'), late.change);
    expect({ outcome, differences }).toEqual({ outcome: 'OUTDATED', differences: ['housing.fields.sex: full → —'] });
    await world.amend('housing', sharing('sex', 'FULL'), OWNERS);
  });

  test('meets another one at the same moment: one is published, the other is told', async () => {
    const terms = await world.termsOf('housing');
    const drafts = await Promise.all(
      ['sex', 'status'].map((group) =>
        world.draft(steward('HOUSING'), { kind: 'AMEND', agreement: 'housing', terms: sharing(group, null)(terms) }),
      ),
    );
    const before = await headVersion();
    const results = await Promise.all(
      drafts.map(({ change }, hub) => world.publish(steward('CIVIL_AFFAIRS', hub === 0 ? 'a' : 'b'), change, hub)),
    );
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['OUTDATED', 'PUBLISHED']);
    expect(await headVersion()).toBe(before + 1);
    await world.amend('housing', sharing('sex', 'FULL'), OWNERS);
    await world.amend('housing', sharing('status', 'FULL'), OWNERS);
  });

  test('of the catalogue takes the owner, and everybody reads the new entry', async () => {
    // The record of a department whose module is installed.
    const isThere = recordKinds.some(({ department }) => department === 'HOUSING');
    const owner = isThere ? 'HOUSING' : 'EDUCATION';
    const name = isThere ? 'housing' : 'education-record';
    const entry = {
      name,
      title: '基本信息',
      owner,
      attribute: 'CONDITIONAL',
      legalBasis: '《社会救助法》第42条（共享互认）',
      format: '代码型、数值型（平方米）',
      rhythm: 'WEEKLY',
      sensitivity: 'PERSONAL',
      note: '每周更新',
    };
    const foreign = await world.draft(steward('LABOUR'), { kind: 'CATALOGUE', entries: [entry] });
    expect(foreign).toMatchObject({ outcome: 'NOT_YOURS' });
    const lower = await world.draft(steward(owner), {
      kind: 'CATALOGUE',
      entries: [{ ...entry, sensitivity: 'PUBLIC' }],
    });
    expect(lower).toMatchObject({
      outcome: 'FAULTY',
      faults: expect.arrayContaining([expect.stringContaining('PERSONAL')]),
    });
    const { change } = await world.draft(steward(owner), { kind: 'CATALOGUE', entries: [entry] });
    expect(await world.publish(steward(owner, 'b'), change)).toMatchObject({ outcome: 'PUBLISHED' });
    const [{ json }] = await world.ask('{ sharingCatalogue { name rhythm note owner } }', housing());
    expect(json.data?.['sharingCatalogue']).toContainEqual({
      name,
      rhythm: 'WEEKLY',
      note: '每周更新',
      owner,
    });
  });
});

describe('an agreement', () => {
  test('that one steward of an owner suspends is gone with the next request, and both sides are told', async () => {
    const list = '{ recipients(first: 1) { nodes { programme } } }';
    expect(await seen(list, civilAffairs)).toEqual(['full', 'full']);
    expect(await world.suspend(steward('AUDIT'), 'civil-affairs-system')).toMatchObject({ outcome: 'NOT_YOURS' });
    expect(await world.suspend(steward('HOUSING'), 'civil-affairs-system', ' ')).toMatchObject({ outcome: 'FAULTY' });
    expect(await world.suspend(steward('HOUSING'), 'civil-affairs-system', '疑似泄露')).toMatchObject({
      outcome: 'PUBLISHED',
    });
    expect(await seen(list, civilAffairs)).toEqual(['OPERATION_DENIED', 'OPERATION_DENIED']);
    const [{ json }] = await world.ask(list, civilAffairs);
    expect(json.errors?.[0]?.message).toContain('civil-affairs-system is suspended: 疑似泄露');
    const { rows } = await world.database.owner.query(
      `select department from notice where kind = 'AGREEMENT_SUSPENDED' and reference = 'civil-affairs-system' order by 1`,
    );
    expect(rows.map(({ department }: { department: string }) => department)).toEqual(
      expect.arrayContaining(['CIVIL_AFFAIRS', 'HOUSING', 'EDUCATION']),
    );
    expect(await world.suspend(steward('HOUSING'), 'civil-affairs-system')).toMatchObject({ outcome: 'UNCHANGED' });
  });

  test('without which a department has none is public knowledge to it, and so is why', async () => {
    const list = '{ sharingAgreements(number: "civil-affairs-system") { state stateReason inForce } regions { code } }';
    const answers = await world.ask(list, { ...civilAffairs, caseNo: undefined as never });
    for (const { json } of answers)
      expect(json.data?.['sharingAgreements']).toEqual([
        { state: 'SUSPENDED', stateReason: '疑似泄露', inForce: false },
      ]);
  });

  test('is resumed by two, one of them of the department that pulled the brake', async () => {
    const resume = { kind: 'RESUME', agreement: 'civil-affairs-system', reason: '已核查，未发现泄露' };
    const draft = await world.draft(steward('CIVIL_AFFAIRS'), resume);
    expect(await world.publish(steward('CIVIL_AFFAIRS', 'b'), draft.change)).toMatchObject({
      outcome: 'CONSENT_MISSING',
      consentMissing: ['HOUSING'],
    });
    expect(await world.publish(steward('HOUSING'), draft.change)).toMatchObject({ outcome: 'PUBLISHED' });
    expect(await seen('{ recipients(first: 1) { nodes { programme } } }', civilAffairs)).toEqual(['full', 'full']);
  });

  test('cannot be widened under a suspension: what it opens beside needs its owners when it is resumed', async () => {
    await world.suspend(steward('CIVIL_AFFAIRS'), 'labour');
    const wider = await world.amend('labour', sharing('address', 'FULL'), [steward('LABOUR'), steward('LABOUR', 'b')]);
    expect(wider).toMatchObject({ outcome: 'PUBLISHED', opens: [] });
    const { change } = await world.draft(steward('LABOUR'), { kind: 'RESUME', agreement: 'labour', reason: '已整改' });
    expect(await world.publish(steward('LABOUR', 'b'), change)).toMatchObject({
      outcome: 'CONSENT_MISSING',
      consentMissing: ['CIVIL_AFFAIRS'],
      opens: expect.arrayContaining([expect.stringContaining('address (Person)')]),
    });
  });

  test('ends at midnight in Shanghai on every process, and begins at midnight', async () => {
    const last = changed({ validUntil: '2026-11-30' });
    expect(await world.amend('housing', last, OWNERS)).toMatchObject({ outcome: 'PUBLISHED' });
    world.at('2026-11-30T15:59:59.999Z');
    expect(await seen()).toEqual(MASKED);
    world.at('2026-11-30T16:00:00Z');
    expect(await seen()).toEqual(['OPERATION_DENIED', 'OPERATION_DENIED']);
    world.at('2026-11-30T15:59:59Z');
    const next = changed({ validFrom: '2026-12-02', validUntil: null });
    expect(await world.amend('housing', next, OWNERS)).toMatchObject({ outcome: 'PUBLISHED' });
    expect(await seen()).toEqual(['OPERATION_DENIED', 'OPERATION_DENIED']);
    world.at('2026-12-01T16:00:00Z');
    expect(await seen()).toEqual(MASKED);
  });

  test('that is revoked stays so: it is neither resumed nor amended', async () => {
    const { change } = await world.draft(steward('HEALTH'), {
      kind: 'REVOKE',
      agreement: 'health',
      reason: '职能调整',
    });
    expect(await world.publish(steward('CIVIL_AFFAIRS'), change)).toMatchObject({ outcome: 'PUBLISHED' });
    const again = await world.draft(steward('HEALTH'), { kind: 'RESUME', agreement: 'health', reason: '恢复' });
    expect(again).toMatchObject({ outcome: 'FAULTY', faults: [expect.stringContaining('REVOKED')] });
    const terms = await world.termsOf('health');
    const amended = await world.draft(steward('HEALTH'), {
      kind: 'AMEND',
      agreement: 'health',
      terms: sharing('sex', null)(terms),
    });
    expect(amended).toMatchObject({ outcome: 'FAULTY', faults: [expect.stringContaining('revoked for good')] });
  });
});

describe('what is kept', () => {
  test('every version stands as it was published, with who drafted and who published it', async () => {
    const { rows: versions } = await world.database.owner.query<{ version: number; origin: string; digest: Buffer }>(
      'select version, origin, digest from policy_version order by version',
    );
    expect(versions.length).toBeGreaterThan(10);
    const first = await loadVersion(world.database.server, 1);
    const files = readPolicyFiles('schema/policy');
    expect(first?.agreements.map(({ number }) => number)).toEqual(files.agreements.map(({ number }) => number).sort());
    const [{ json }] = await world.ask(
      '{ policyVersions { version inForce draftedBy publishedBy summary change } }',
      housing(),
    );
    const [newest] = json.data?.['policyVersions'] as { version: number; draftedBy: string; publishedBy: string }[];
    expect(newest).toMatchObject({
      version: await headVersion(),
      inForce: true,
      draftedBy: 'health.steward-a.test',
      publishedBy: 'civil-affairs.steward-a.test',
    });
    await expect(world.database.server.query('update policy_agreement set title = title')).rejects.toMatchObject({
      code: '42501',
    });
    await expect(world.database.server.query('delete from policy_version')).rejects.toMatchObject({ code: '42501' });
  });

  test('the ledger names the version under which it was told, and every act of a steward', async () => {
    await seen('{ recipients(first: 1) { nodes { programme } } }', civilAffairs);
    const { rows } = await world.database.owner.query<{ text: string; version: number; kind: string; role: string }>(
      `select o.text, o.policy_version as version, o.kind, o.role from access_record r join access_operation o on o.number = r.operation`,
    );
    const versions = new Set(rows.filter(({ text }) => text.includes('birthDate')).map(({ version }) => version));
    expect([...versions]).toEqual(expect.arrayContaining([1, 2, 3]));
    const now = await headVersion();
    expect(rows.some(({ text, version }) => text.includes('recipients') && version === now)).toBe(true);
    for (const act of ['draftPolicyChange', 'publishPolicyChange', 'suspendAgreement', 'withdrawPolicyChange'])
      expect(rows.some(({ text, kind, role }) => text.includes(act) && kind === 'WRITE' && role === 'STEWARD')).toBe(
        true,
      );
  });

  test('the differences of two versions are told line by line, and null where there is none', async () => {
    const [{ json }] = await world.ask(
      '{ policyDifferences(from: 1, to: 2) none: policyDifferences(from: 1, to: 9999) }',
      housing(),
    );
    expect(json.data).toEqual({ policyDifferences: ['housing.fields.birth-date: masked → full'], none: null });
  });

  test('changes are for stewards and auditors, each with its outcome', async () => {
    const list = '{ policyChanges(state: WITHDRAWN) { kind agreement draftedBy decidedBy publishedVersion } }';
    const [{ json }] = await world.ask(list, steward('MEDICAL_SECURITY'));
    expect(json.data?.['policyChanges']).toEqual([
      {
        kind: 'AMEND',
        agreement: 'housing',
        draftedBy: 'housing.steward-a.test',
        decidedBy: 'housing.steward-b.test',
        publishedVersion: null,
      },
    ]);
    expect(await seen(list)).toEqual(['OPERATION_DENIED', 'OPERATION_DENIED']);
  });

  test('the files of schema/policy decide nothing once a change was published in the database', async () => {
    const before = await headVersion();
    expect(await publishPolicy(world.database.owner, readPolicyFiles('schema/policy'))).toEqual({
      version: before,
      filesLeft: true,
    });
    expect(await headVersion()).toBe(before);
  });
});
