import { Field, ObjectType } from 'type-graphql';
import type { Relation } from 'typeorm';
import { Computed, DateScalar, Over, Rule, sql } from '../../graph/index.ts';
import { Membership, Person } from '../../registry/index.ts';
import { OWNER } from './employment-record.ts';
import { stateOf, stateSince, WorkerState } from './household-work.ts';

/** 家庭就业状况: told to civil affairs, labour and audit. */
export const HOUSEHOLD_WORK = { group: 'household-work', owner: OWNER, sensitivity: 'PERSONAL' } as const;

/** A member of a household who is of working age and not known to be unable to work: what `Household.work` rests on. */
@ObjectType({ description: '法定劳动年龄内有劳动能力的家庭成员 · A member of a household who could work' })
@Over(() => Membership, { person: 'personId', household: 'householdId', via: 'household' })
export class HouseholdWorker {
  @Field(() => Person, { nullable: true, description: '成员 · The member' })
  @Rule({ group: 'household-members', owner: 'CIVIL_AFFAIRS', sensitivity: 'PERSONAL' })
  person!: Relation<Person>;

  @Field(() => WorkerState, { nullable: true, description: '就业状况 · Whether the member works' })
  @Rule(HOUSEHOLD_WORK)
  @Computed((row, at) =>
    stateOf(
      row.column('personId'),
      sql`(select member.labour_ability from person member where member.id = ${row.column('personId')})`,
      at,
    ),
  )
  state!: WorkerState;

  @Field(() => DateScalar, { nullable: true, description: '起始日期 · Since when' })
  @Rule(HOUSEHOLD_WORK)
  @Computed((row, at) => stateSince(row.column('personId'), at))
  since!: string | null;
}
