/** Two hubs on one database and the stewards who change what is shared: over HTTP, as departments do it. */
import type { Bound, Department, Purpose } from '../../src/access/index.ts';
import { dateInChina } from '../../src/platform/dates.ts';
import { newId } from '../../src/platform/id.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { TestDatabase } from '../harness/database.ts';
import { testDatabase } from '../harness/database.ts';
import { NOW, callerOf } from '../harness/engine.ts';
import type { HttpAnswer, TestHub } from '../harness/hub.ts';
import { openHub } from '../harness/hub.ts';
import { rowsIn } from '../registry/rows.ts';

/** A steward; `who` tells two of one department apart. */
export const steward = (department: Department, who: 'a' | 'b' = 'a'): Bound =>
  callerOf(department, 'STEWARD', {
    client: `${department.toLowerCase().replaceAll('_', '-')}.steward-${who}.test`,
    caseNo: 'GOV-2026-000001',
  });

/** A system of housing in the case of the one person in its caseload. */
export const housing = (purpose: Purpose = 'AID_ELIGIBILITY'): Bound =>
  callerOf('HOUSING', 'SYSTEM', {
    caseNo: 'HOUSING-1',
    purposes: ['AID_ELIGIBILITY', 'CASE_HANDLING', 'AID_REPORTING'],
    purpose,
  });

export const civilAffairs = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'CA-1' });

/** An agreement as it is drafted. */
export type Terms = Record<string, unknown> & {
  fields: { name: string; access: string; scope?: string | null }[];
  rows: { type: string; scope: string }[];
  purposes: string[];
};

/** What became of an act. */
export interface Payload {
  readonly outcome: string;
  readonly change: string;
  readonly agreement: string | null;
  readonly version: number | null;
  readonly faults: readonly string[];
  readonly differences: readonly string[];
  readonly opens: readonly string[];
  readonly consentMissing: readonly string[];
}

const PAYLOAD = 'outcome change agreement version faults differences opens consentMissing';

export interface GovernedHubs {
  readonly database: TestDatabase;
  /** Two processes that share nothing but the database. */
  readonly hubs: readonly [TestHub, TestHub];
  readonly personId: string;
  /** Sets the clock of both. */
  at(iso: string): void;
  /** The same question at each hub, one after the other. */
  ask(query: string, caller: Bound): Promise<readonly [HttpAnswer, HttpAnswer]>;
  /** Terms of an agreement in force, to be changed and drafted. */
  termsOf(number: string): Promise<Terms>;
  draft(caller: Bound, input: Readonly<Record<string, unknown>>): Promise<Payload>;
  /** Drafts the change of an agreement and publishes it by another steward; the payload of publishing. */
  amend(number: string, change: (terms: Terms) => Terms, by: readonly [Bound, Bound]): Promise<Payload>;
  publish(caller: Bound, change: string, hub?: number): Promise<Payload>;
  withdraw(caller: Bound, change: string): Promise<Payload>;
  suspend(caller: Bound, agreement: string, reason?: string): Promise<Payload>;
  close(): Promise<void>;
}

/** Starts both hubs over a database with one person, whom housing has a case about. */
export async function openGovernedHubs(): Promise<GovernedHubs> {
  const database = await testDatabase();
  const rows = rowsIn(database.owner);
  const personId = await rows.person({
    name: '张某',
    name_key: '张某',
    birth_date: '1980-02-29',
  });
  await rows.insert('caseload', {
    department: 'HOUSING',
    person_id: personId,
    case_no: 'HOUSING-1',
    opened_on: '2026-01-01',
  });
  let instant = new Date(NOW);
  const clock: Clock = { now: () => new Date(instant), today: () => dateInChina(instant) };
  const hubs = [await openHub(database, { clock }), await openHub(database, { clock })] as const;

  const act = async (field: string, args: string, caller: Bound, variables: Record<string, unknown>, hub = 0) => {
    const [types, names] = args.split('|');
    const { json, text } = await (hubs[hub] ?? hubs[0]).ask(
      `mutation Act(${types ?? ''}) { ${field}(${names ?? ''}) { ${PAYLOAD} } }`,
      caller,
      { variables },
    );
    const payload = json.data?.[field] as Payload | undefined;
    if (payload === undefined) throw new Error(text);
    return payload;
  };
  const world: GovernedHubs = {
    database,
    hubs,
    personId,
    at(iso) {
      instant = new Date(iso);
    },
    ask: async (query, caller) => [await hubs[0].ask(query, caller), await hubs[1].ask(query, caller)],
    async termsOf(number) {
      const { json, text } = await hubs[0].ask(
        `{ sharingAgreements(number: "${number}") { department role title legalBasis purposes validFrom validUntil
            emergency smallestCount missesPerDay operations rows { type scope } fields { name: group access scope } } }`,
        steward('CIVIL_AFFAIRS'),
      );
      const [terms] = (json.data?.['sharingAgreements'] ?? []) as Terms[];
      if (terms === undefined) throw new Error(text);
      return terms;
    },
    draft: (caller, input) =>
      act('draftPolicyChange', '$input: DraftPolicyChangeInput!|input: $input', caller, {
        input: { key: newId(), summary: '测试 test', ...input },
      }),
    async amend(number, change, [drafter, publisher]) {
      const terms = change(await world.termsOf(number));
      const drafted = await world.draft(drafter, { kind: 'AMEND', agreement: number, terms });
      return drafted.outcome === 'DRAFTED' ? world.publish(publisher, drafted.change) : drafted;
    },
    publish: (caller, change, hub) =>
      act('publishPolicyChange', '$change: ID!|change: $change', caller, { change }, hub),
    withdraw: (caller, change) => act('withdrawPolicyChange', '$change: ID!|change: $change', caller, { change }),
    suspend: (caller, agreement, reason = '疑似滥用，先行中止') =>
      act('suspendAgreement', '$agreement: String!, $reason: String!|agreement: $agreement, reason: $reason', caller, {
        agreement,
        reason,
      }),
    async close() {
      await Promise.all(hubs.map((hub) => hub.close()));
      await database.drop();
    },
  };
  return world;
}

/** The terms with a group shared in another way; null: not at all. */
export const sharing =
  (name: string, access: 'FULL' | 'MASKED' | null, scope: string | null = null) =>
  (terms: Terms): Terms => ({
    ...terms,
    fields: [
      ...terms.fields.filter((field) => field.name !== name),
      ...(access === null ? [] : [{ name, access, scope }]),
    ],
  });
