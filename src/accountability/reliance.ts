/** Who was told a value, and may rely on it: whom a correction must reach (政务数据共享条例 art. 26). */
import { Args, ArgsType, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { DateScalar, DateTimeScalar, Derived, Plan, Rule, compiled, derive, raw, sql } from '../graph/index.ts';
import type { Disclosable, PlanAt, Planned, RowsPlan, Slot } from '../graph/index.ts';
import { badUserInput } from '../platform/errors.ts';
import { DepartmentCode } from '../registry/index.ts';
import { personSlot } from './person-slot.ts';
import { within } from './told.ts';

const LOG = { group: 'access-log', owner: 'CIVIL_AFFAIRS', sensitivity: 'PERSONAL' } as const;

@ArgsType()
class RelianceArgs {
  @Field(() => ID, { description: '人员主键 · Identifier of the person in this hub' })
  personId!: string;

  @Field(() => String, {
    description:
      '字段或数据类别 · A schema coordinate, e.g. Person.address, or a group of the sharing catalogue, e.g. status: then ' +
      'every field in which its values were told',
  })
  coordinate!: string;

  @Field(() => DateScalar, { nullable: true, description: '起始日期，含当日 · Told on that day in China or later' })
  since?: string;
}

/** One department's system that was told the value in one case. A department sees what it was told itself. */
@ObjectType({ description: '信息使用方 · A system that was told a value, and the case in which it was' })
@Derived({ person: 'personId', department: 'department' })
export class Reliance {
  @Field(() => DepartmentCode, { nullable: true, description: '部门 · Department that was told' })
  @Rule(LOG)
  department!: DepartmentCode;

  @Field(() => String, { nullable: true, description: '调用方 · Calling system' })
  @Rule(LOG)
  client!: string;

  @Field(() => String, { nullable: true, description: '目的 · Purpose' })
  @Rule(LOG)
  purpose!: string | null;

  @Field(() => String, { nullable: true, description: '业务编号 · Case that may rest on the value' })
  @Rule(LOG)
  caseNo!: string | null;

  @Field(() => [String], { nullable: true, description: '字段 · The fields in which it was told' })
  @Rule(LOG)
  coordinates!: string[];

  @Field(() => Int, { nullable: true, description: '次数 · How often' })
  @Rule(LOG)
  times!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: '首次时间 · When first' })
  @Rule(LOG)
  firstAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: '最近时间 · When last' })
  @Rule(LOG)
  lastAt!: Date;
}

/** The coordinates that are meant. */
const meant = (given: Slot<string>, all: readonly Disclosable[]): Slot<readonly string[]> =>
  derive(given, 'meant', 'text[]', (text) => {
    const found = all.filter(({ coordinate, group }) => coordinate === text || group === text);
    if (found.length > 0) return found.map(({ coordinate }) => coordinate);
    throw badUserInput(
      'coordinate: neither a field of the schema, such as Person.address, nor a group of the sharing catalogue',
    );
  });

const ISO = raw(`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`);

function reliances({ personId, coordinate, since }: Planned<RelianceArgs>, at: PlanAt): RowsPlan {
  const person = personSlot(personId);
  const names = meant(coordinate, at.disclosable());
  const source = sql`
    select row_number() over (order by told.last_at desc, told.department, told.client, told.case_no, told.purpose)
        as ordinal, null::bigint as missed, null::bigint as fruitless, ${person} as person_id, told.department,
      told.client, told.purpose, told.case_no, told.coordinates, told.times,
      to_char(told.first_at at time zone 'UTC', ${ISO}) as first_at,
      to_char(told.last_at at time zone 'UTC', ${ISO}) as last_at
    from (
      select access.department, access.client, access.purpose, access.case_no,
        array_agg(distinct field.coordinate) as coordinates, count(distinct access.id)::int as times,
        min(access.at) as first_at, max(access.at) as last_at
      from person_access access cross join lateral unnest(access.coordinates) as field (coordinate)
      where access.buckets && person_buckets((select person_ids(${person}))) and access.person_id = any((select person_ids(${person}))::uuid[])
        and access.operation = any((select disclosing_operations(${names}))::integer[])
        and access.decision = 'ALLOWED' and ${within(raw('access.at'), { from: since })}
        and field.coordinate = any(${names})
      group by access.department, access.client, access.purpose, access.case_no
    ) told`;
  return { of: Reliance, from: { source } };
}

/** Root field `whoReliedOn`. */
@Resolver()
export class RelianceQueries {
  @Query(() => [Reliance], {
    description:
      '数据使用追溯 · Which systems were told a value of a person, and in which cases: whom a correction must reach, latest ' +
      'first. Values that were null or empty count as told',
  })
  @Plan<RelianceArgs>(reliances)
  whoReliedOn(@Args() _args: RelianceArgs): Reliance[] {
    return compiled();
  }
}
