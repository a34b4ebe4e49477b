/**
 * The agreements, the catalogue and the versions as anybody may read them: no personal data, open to every authenticated
 * caller, with or without an agreement of its own.
 */
import { Args, ArgsType, Field, FieldResolver, Int, Query, Resolver } from 'type-graphql';
import { Plan, Rule, callerSlot, compiled, raw, sql } from '../../graph/index.ts';
import type { Planned, RowsPlan, Slot, Sql } from '../../graph/index.ts';
import { DepartmentCode } from '../../registry/index.ts';
import {
  AgreementFields,
  AgreementRows,
  CatalogueEntry,
  OPEN,
  PolicyVersion,
  SharingAgreement,
} from './agreements.types.ts';

/** Most rows of each list; a hub has some dozens of agreements. */
const MOST = { agreements: 200, groups: 200, rows: 60, versions: 500 } as const;

/** `own-department` is OWN_DEPARTMENT. */
const code = (column: string): Sql => raw(`upper(replace(${column}, '-', '_'))`);
const instant = (column: string): Sql => raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);
const inForce = sql`(select version from policy_head)`;

@ArgsType()
class AgreementArgs {
  @Field(() => String, { nullable: true, description: '协议编号 · The agreement with this number alone' })
  number?: string;

  @Field(() => DepartmentCode, { nullable: true, description: '使用部门 · What this department receives' })
  department?: DepartmentCode;

  @Field(() => Int, { nullable: true, description: '政策版本 · As of this version; by default the one in force' })
  version?: number;
}

function agreements({ number, department, version }: Planned<AgreementArgs>): RowsPlan {
  const today = callerSlot<string>('today', 'date');
  const bound = (column: string, slot: Slot | undefined): Sql =>
    slot === undefined ? sql`` : sql` and ${raw(column)} = ${slot}`;
  return {
    of: SharingAgreement,
    from: {
      source: sql`
        select a.id as agreement_id, a.version, a.number, a.department, a.role, a.title, a.legal_basis, a.purposes,
          a.valid_from, a.valid_until, a.state, a.state_reason, a.emergency, a.smallest_count, a.misses_per_day,
          a.version = ${inForce} and a.state = 'ACTIVE' and a.valid_from <= ${today}
            and (a.valid_until is null or a.valid_until >= ${today}) as in_force,
          array(select o.name from policy_operation o where o.agreement_id = a.id order by o.name) as operations,
          row_number() over (order by a.number) as ordinal
        from policy_agreement a where a.version = ${version ?? inForce}
          ${bound('a.number', number)}${bound('a.department', department)}
        order by a.number limit ${raw(String(MOST.agreements))}`,
    },
    first: MOST.agreements,
  };
}

/** What stands on an agreement. */
@Resolver(() => SharingAgreement)
export class SharingAgreementFields {
  @FieldResolver(() => [AgreementRows], { nullable: true, description: '数据范围 · Of whom, by type' })
  @Rule(OPEN)
  @Plan(() => ({
    of: AgreementRows,
    on: { agreementId: 'agreementId' },
    from: {
      source: sql`select r.agreement_id, r.type_name as type, ${code('r.scope')} as scope,
        row_number() over (partition by r.agreement_id order by r.type_name) as ordinal from policy_row r`,
    },
    first: MOST.rows,
  }))
  rows(): AgreementRows[] {
    return compiled();
  }

  @FieldResolver(() => [AgreementFields], { nullable: true, description: '信息项 · Groups of fields that it opens' })
  @Rule(OPEN)
  @Plan(() => ({
    of: AgreementFields,
    on: { agreementId: 'agreementId' },
    from: {
      source: sql`select f.agreement_id, f.group_name as "group", g.title, g.owner, ${code('f.access')} as access,
        ${code('f.scope')} as scope, row_number() over (partition by f.agreement_id order by f.group_name) as ordinal
        from policy_field f join policy_agreement a on a.id = f.agreement_id
        left join policy_group g on g.version = a.version and g.name = f.group_name`,
    },
    first: MOST.rows,
  }))
  fields(): AgreementFields[] {
    return compiled();
  }
}

/** Root fields that every authenticated caller may read. */
@Resolver()
export class AgreementQueries {
  @Query(() => [SharingAgreement], { description: '共享协议 · The agreements, by number' })
  @Plan<AgreementArgs>(agreements)
  sharingAgreements(@Args(() => AgreementArgs) _args: AgreementArgs): SharingAgreement[] {
    return compiled();
  }

  @Query(() => [CatalogueEntry], { description: '共享目录 · The sharing catalogue in force' })
  @Plan(() => ({
    of: CatalogueEntry,
    from: {
      source: sql`select g.name, g.title, g.owner, g.attribute, g.legal_basis, g.format, g.rhythm, g.sensitivity, g.note,
        row_number() over (order by g.name) as ordinal from policy_group g where g.version = ${inForce}
        order by g.name limit ${raw(String(MOST.groups))}`,
    },
    first: MOST.groups,
  }))
  sharingCatalogue(): CatalogueEntry[] {
    return compiled();
  }

  @Query(() => [PolicyVersion], { description: '政策版本 · The versions of the policy, the newest first' })
  @Plan(() => ({
    of: PolicyVersion,
    from: {
      source: sql`select v.version, ${instant('v.published_at')} as published_at, v.version = ${inForce} as in_force,
        v.change_id as change, v.summary, v.drafted_by, v.published_by,
        row_number() over (order by v.version desc) as ordinal from policy_version v
        order by v.version desc limit ${raw(String(MOST.versions))}`,
    },
    first: MOST.versions,
  }))
  policyVersions(): PolicyVersion[] {
    return compiled();
  }
}
