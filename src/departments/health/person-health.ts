import { Args, ArgsType, Field, FieldResolver, Resolver } from 'type-graphql';
import { compiled, DateScalar, Plan, Rule, sql } from '../../graph/index.ts';
import { Person, Recipient, recordLists } from '../../registry/index.ts';
import { DeathReport } from './death-report.ts';
import { EmergencyCase } from './emergency-case.ts';
import { InsuredRecord } from './insured-record.ts';
import { MedicalSettlement } from './medical-settlement.ts';
import { PremiumAidRate } from './premium-aid-rate.ts';

/** What health and medical security know of a person. */
export const PersonHealth = recordLists(Person, 'personId', {
  insuredRecords: {
    of: InsuredRecord,
    description: '参保记录 · Basic medical insurance, latest first',
    rule: { group: 'insurance', owner: 'MEDICAL_SECURITY', sensitivity: 'PERSONAL' },
    order: '-validFrom',
  },
  medicalSettlements: {
    of: MedicalSettlement,
    description: '医疗费用结算 · Medical bills, latest admission first',
    rule: { group: 'medical-amounts', owner: 'MEDICAL_SECURITY', sensitivity: 'SENSITIVE' },
    order: '-admittedOn',
  },
  emergencyCases: {
    of: EmergencyCase,
    description: '疾病应急救助 · Emergencies paid by the fund, latest arrival first',
    rule: { group: 'emergency-care', owner: 'HEALTH', sensitivity: 'PERSONAL' },
    order: '-arrivedOn',
  },
  deathReports: {
    of: DeathReport,
    description: '死亡登记 · Certified deaths of the person: more than one where certificates differ',
    rule: { group: 'death', owner: 'HEALTH', sensitivity: 'PERSONAL' },
    order: '-diedOn',
  },
});

@ArgsType()
class RateArgs {
  @Field(() => DateScalar, { nullable: true, description: '时点 · The rate in force on that day; today by default' })
  onDate?: string;
}

/** What medical security pays of the premium for a recipient (DOMAIN: 资助参保 follows the list of civil affairs). */
@Resolver(() => Recipient)
export class RecipientHealth {
  @FieldResolver(() => PremiumAidRate, {
    nullable: true,
    description: '资助参保标准 · What is paid of the premium for such a recipient there; null where nothing is',
  })
  @Rule({ group: 'status', owner: 'CIVIL_AFFAIRS', sensitivity: 'PERSONAL' })
  @Plan<RateArgs>((args, at) => ({
    of: PremiumAidRate,
    validOn: args.onDate ?? at.today,
    where: at.parent && {
      uses: ['category', 'regionCode'],
      predicate: (rate) => {
        const of = (property: string) => at.parent?.column(property) ?? sql`null`;
        return sql`${rate.column('category')} = ${of('programme')} and ${rate.column('regionCode')} in
          ('000000000000', ${of('provinceCode')}, ${of('prefectureCode')}, ${of('countyCode')})`;
      },
    },
    // The codes of the divisions around a place sort from the whole country to the county: the finest comes first.
    order: ['-regionCode'],
  }))
  premiumAid(@Args() _args: RateArgs): never {
    return compiled();
  }
}
