/** What was disclosed under an emergency access, as the ledger has it. */
import { Field, FieldResolver, Int, ObjectType, Resolver } from 'type-graphql';
import { compiled, Derived, Plan, Rule, sql } from '../../graph/index.ts';
import type { PlanAt, RowsPlan } from '../../graph/index.ts';
import { EmergencyAccess } from './emergency-access.ts';

const EMERGENCY = { group: 'emergency', owner: 'CIVIL_AFFAIRS', sensitivity: 'INTERNAL' } as const;

/** Counts and coordinates alone: who they are is asked of the ledger, with the case number. */
@ObjectType({ description: '应急访问所见 · What was disclosed under an emergency access, counted from the ledger' })
@Derived({})
export class EmergencyDisclosures {
  @Field(() => Int, { nullable: true, description: '查询次数 · Answers that were given' })
  @Rule(EMERGENCY)
  answers!: number;

  @Field(() => Int, { nullable: true, description: '涉及人数 · Different persons in them' })
  @Rule(EMERGENCY)
  persons!: number;

  @Field(() => Int, { nullable: true, description: '涉及户数 · Different households in them' })
  @Rule(EMERGENCY)
  households!: number;

  @Field(() => [String], { nullable: true, description: '涉及字段 · Fields that were asked for and not denied' })
  @Rule(EMERGENCY)
  coordinates!: string[];
}

/**
 * The entries of its client and case between its opening and its end; those too whose status checks named a case of their
 * own, for which no emergency was open, so that nothing is out of sight under another number. By time first: entries are written in its order, so
 * the block ranges of two hours are few however long the ledger is (index `ix_access_record__at`).
 */
function disclosed(_args: object, at: PlanAt): RowsPlan {
  const { parent } = at;
  if (parent === undefined) throw new Error('What was disclosed stands below an emergency access');
  const source = sql`
    with entry as materialized (
      select r.persons, r.households, o.nodes
      from access_record r
      join access_operation o on o.number = r.operation
      where r.at >= ${parent.column('openedAt')} and r.at < least(${parent.column('until')}, ${parent.column('closedAt')})
        and r.client = ${parent.column('client')}
        and r.decision = 'ALLOWED' and o.kind = 'READ' and o.purpose = 'EMERGENCY'
        and (r.case_no = ${parent.column('caseNo')} or not exists (
          select from emergency_access other where other.client = r.client and other.case_no = r.case_no
            and other.opened_at <= r.at and r.at < least(other.until, other.closed_at)))
    )
    select 1 as ordinal,
      (select count(*)::int from entry) as answers,
      (select count(distinct person)::int from entry cross join unnest(entry.persons) person) as persons,
      (select count(distinct household)::int from entry cross join unnest(entry.households) household) as households,
      (select coalesce(array_agg(distinct coordinate order by coordinate), '{}') from entry
        cross join jsonb_array_elements(entry.nodes) node
        cross join jsonb_array_elements_text(node) coordinate) as coordinates`;
  return { of: EmergencyDisclosures, from: { source } };
}

/** Hangs the counts on the noun. */
@Resolver(() => EmergencyAccess)
export class EmergencyDisclosed {
  @FieldResolver(() => EmergencyDisclosures, {
    nullable: true,
    description: '应急访问所见 · What was disclosed under it, until now or until its end',
  })
  @Rule(EMERGENCY)
  @Plan(disclosed)
  disclosed(): EmergencyDisclosures {
    return compiled();
  }
}
