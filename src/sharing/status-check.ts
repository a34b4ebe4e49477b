/**
 * The status check: who of these people is 低保 or 特困 (社会救助法 art. 42: a confirmed status is shared and mutually
 * recognised). It tells status, never income, and it reaches the whole hub, because pupils, patients and workers are
 * away from home; the caller's own case bounds it. Somebody who is no recipient and nobody at all look the same.
 */
import { Args, ArgsType, Field, FieldResolver, InputType, ObjectType, Query, Resolver } from 'type-graphql';
import {
  DateScalar,
  Derived,
  Over,
  Plan,
  Rule,
  callerSlot,
  closedList,
  compiled,
  derive,
  raw,
  sql,
} from '../graph/index.ts';
import type { Planned, PlanAt, RowsPlan, Slot, Sql } from '../graph/index.ts';
import { isCaseNumber } from '../access/index.ts';
import { badUserInput } from '../platform/errors.ts';
import { Programme, Recipient, UrbanRural, isAnyFeedOverdue, nameKey, normaliseResidentId } from '../registry/index.ts';
import { FeedStatus } from './feed-status.ts';

const STATUS = { group: 'status', owner: 'CIVIL_AFFAIRS', sensitivity: 'PERSONAL' } as const;

export const StatusResult = closedList('StatusResult', '核验结果 · What a status check found', {
  RECIPIENT: '救助对象 · A recipient on that day',
  NOT_RECIPIENT: '未查到救助待遇 · No recipient on that day, or nobody that the hub knows',
  UNKNOWN: '暂无法确认：数据逾期未更新 · Cannot be said: the data of civil affairs is overdue',
  MALFORMED: '证件号码有误 · The number is not a valid one; see problem',
});
export type StatusResult = keyof typeof StatusResult;

/** One question: a number, and whose and what for. */
@InputType({ description: '待核验人员 · One person to be checked' })
export class StatusCheckInput {
  @Field(() => String, {
    description: '证件号码 · Identity number; 15 digits, lower-case x and full-width characters are understood',
  })
  idNumber!: string;

  @Field(() => String, { nullable: true, description: '姓名 · Name, to be compared with the record' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: '业务编号 · Your case number; by default that of Hub-Case' })
  caseNo?: string | null;
}

@ArgsType()
class CheckStatusArgs {
  @Field(() => [StatusCheckInput], {
    description: '待核验人员（最多1000人） · The persons to be checked, at most 1,000',
  })
  checks!: StatusCheckInput[];

  @Field(() => DateScalar, { nullable: true, description: '核验日期，默认当日 · Day of the status, today by default' })
  onDate?: string;
}

/** A programme that the person benefits from on the day of the check: its name and validity, no amount, no cause. */
@ObjectType({ description: '救助类别与有效期 · A programme and its validity' })
@Over(() => Recipient, { person: 'personId', household: 'householdId', place: true })
export class StatusProgramme {
  @Field(() => Programme, { nullable: true, description: '救助类别 · Programme' })
  @Rule(STATUS)
  programme!: Programme;

  @Field(() => UrbanRural, { nullable: true, description: '城乡类别 · Urban or rural scheme' })
  @Rule(STATUS)
  urbanRural!: UrbanRural;

  @Field(() => String, { nullable: true, description: '类别 · Class within the programme' })
  @Rule(STATUS)
  category!: string | null;

  @Field(() => DateScalar, { nullable: true, description: '起始日期 · Valid from' })
  @Rule(STATUS)
  validFrom!: string;

  @Field(() => DateScalar, { nullable: true, description: '终止日期 · Valid to, that day included; null while open' })
  @Rule(STATUS)
  validTo!: string | null;
}

/** The answer to one check, in the order asked. */
@ObjectType({ description: '核验结果 · The answer to one status check' })
@Derived({ person: 'personId' })
export class StatusCheck {
  @Field(() => StatusResult, { nullable: true, description: '结果 · What was found' })
  @Rule(STATUS)
  result!: StatusResult;

  @Field(() => String, { nullable: true, description: '业务编号 · The case that the check was made for' })
  @Rule(STATUS)
  caseNo!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: '姓名是否一致 · Whether the name agrees; null without a name or without a recipient',
  })
  @Rule(STATUS)
  nameAgrees!: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: '证件号码问题 · What is wrong with the number: EMPTY, LENGTH, CHARACTER, DATE or CHECK_DIGIT',
  })
  @Rule(STATUS)
  problem!: string | null;

  @Field(() => DateScalar, { nullable: true, description: '核验日期 · Day of the status' })
  @Rule(STATUS)
  onDate!: string;
}

/** The questions as columns. Values stay in slots; what is not a number of anybody becomes null and a reason. */
function columnsOf(checks: Slot<readonly StatusCheckInput[]>) {
  const column = (
    name: string,
    of: (check: StatusCheckInput, index: number) => string | null,
  ): Slot<readonly (string | null)[]> => derive(checks, name, 'text[]', (list) => list.map(of));
  const numbers = derive(checks, 'number', 'text[]', (list) =>
    list.map(({ idNumber }) => normaliseResidentId(idNumber)),
  );
  return {
    keys: derive(numbers, 'key', 'text[]', (list) => list.map((number) => (number.ok ? number.key : null))),
    problems: derive(numbers, 'problem', 'text[]', (list) => list.map((number) => (number.ok ? null : number.reason))),
    names: column('name', ({ name }) =>
      name === undefined || name === null || name.trim() === '' ? null : nameKey(name),
    ),
    cases: column('case', ({ caseNo }, index) => {
      if (caseNo === undefined || caseNo === null) return null;
      if (!isCaseNumber(caseNo))
        throw badUserInput(`checks[${index}].caseNo: not a case number; use letters, digits and - _ . / #, at most 64`);
      return caseNo;
    }),
  };
}

function questions({ checks, onDate }: Planned<CheckStatusArgs>, at: PlanAt): RowsPlan {
  const { keys, problems, names, cases } = columnsOf(checks);
  const day = onDate ?? at.today;
  const now = at.caller('now', 'timestamptz');
  // Who absorbed somebody answers to that name as well.
  // Legacy certificates and one-off aid are no standing status (S0 二(四): imported as what they are, never as 特困).
  const source = sql`
    select q.ordinal, q.problem, coalesce(q.case_no, ${callerSlot('caseNo', 'text')}) as case_no, ${day} as on_date,
      known.person_id,
      case when q.match_key is not null and known.person_id is null then q.ordinal end as missed,
      case when q.match_key is not null and status.held is null then q.ordinal end as fruitless,
      case when q.match_key is null then 'MALFORMED' when status.held then 'RECIPIENT'
        when freshness.stale then 'UNKNOWN' else 'NOT_RECIPIENT' end as result,
      case when status.held and q.name_key is not null then known.name_key = q.name_key
        or q.name_key = any(array(select other.name_key from person_alias a join person other on other.id = a.alias_id
                                  where a.person_id = known.person_id)) end as name_agrees
    from unnest(${keys}, ${names}, ${cases}, ${problems}) with ordinality as q (match_key, name_key, case_no, problem, ordinal)
    cross join (select ${isAnyFeedOverdue('ENROLMENT', sql`${now}`)} as stale) freshness
    left join lateral (select identifier.person_id, person.name_key from person_identifier identifier
      join person on person.id = identifier.person_id where identifier.match_key = q.match_key
      order by identifier.superseded_by_id is not null, identifier.id limit 1) known on true
    left join lateral (select true as held from recipient where recipient.person_id = known.person_id
      and ${standing(sql`recipient`, day)} limit 1) status on true`;
  return {
    of: StatusCheck,
    from: { source, questions: { asked: checks, keys, cases } },
  };
}

/** A standing status on that day. A suspended enrolment (停保) is none from the day of its suspension. */
const standing = (row: Sql, day: Slot | Sql): Sql =>
  sql`${row}.valid_from <= ${day} and (${row}.valid_to is null or ${row}.valid_to >= ${day})
    and ${row}.programme not in ('TEMPORARY_AID', 'LEGACY_RURAL_HARDSHIP')
    and exists (select from enrolment where enrolment.id = ${row}.enrolment_id and (enrolment.status <> 'SUSPENDED'
      or ${day} < (select max(event.effective_on) from enrolment_event event
        where event.enrolment_id = enrolment.id and event.kind = 'SUSPEND')))`;

/** What stands on the answer to one check. */
@Resolver(() => StatusCheck)
export class StatusCheckFields {
  @FieldResolver(() => [StatusProgramme], {
    nullable: true,
    description: '救助类别与有效期 · Programmes on that day; empty for everybody who is no recipient',
  })
  @Rule(STATUS)
  @Plan((_args, at) => ({
    of: StatusProgramme,
    on: { personId: 'personId' },
    where: {
      uses: ['programme', 'validFrom', 'validTo'],
      predicate: (row) => {
        const day = at.parent?.column('onDate') ?? sql`${at.today}`;
        const result = at.parent?.column('result') ?? raw('null');
        // The answer is known by then: nobody else's rows are looked at again.
        return sql`${result} = 'RECIPIENT' and ${standing(row.alias, day)}`;
      },
    },
    order: ['validFrom'],
  }))
  programmes(): StatusProgramme[] {
    return compiled();
  }

  @FieldResolver(() => FeedStatus, {
    nullable: true,
    description: '数据时效 · Freshness of the source that the answer rests on: of several, the oldest',
  })
  @Rule({ group: 'public', owner: 'CIVIL_AFFAIRS', sensitivity: 'PUBLIC' })
  @Plan(() => ({
    of: FeedStatus,
    where: {
      uses: [],
      // What never came is older than all that did, and null would sort last.
      predicate: (row) =>
        sql`${row.column('record')} = 'ENROLMENT' and (${row.column('asOf')} is null
          or not exists (select from feed never where never.record = 'ENROLMENT' and never.as_of is null))`,
    },
    order: ['asOf'],
  }))
  freshness(): FeedStatus {
    return compiled();
  }
}

/** Root field `checkStatus`. */
@Resolver()
export class StatusCheckQueries {
  @Query(() => [StatusCheck], {
    description: '救助身份核验 · Who of these people is 低保 or 特困, in the order asked',
  })
  @Plan<CheckStatusArgs>(questions)
  checkStatus(@Args(() => CheckStatusArgs) _args: CheckStatusArgs): StatusCheck[] {
    return compiled();
  }
}
