import { Args, FieldResolver, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan, Rule, sql } from '../../graph/index.ts';
import { Household, Person, Recipient, recordLists } from '../../registry/index.ts';
import { CharityAid } from './charity-aid.ts';
import { DisasterRelief } from './disaster-relief.ts';
import { LegacyCertificate } from './legacy-certificate.ts';
import { RelatedStatus } from './related-status.ts';
import { ShelterStay } from './shelter-stay.ts';
import { TemporaryAidCase } from './temporary-aid-case.ts';

const OWNER = 'CIVIL_AFFAIRS';
const TEMPORARY_AID = {
  of: TemporaryAidCase,
  description: '临时救助个案 · Temporary aid, latest first',
  rule: { group: 'temporary-aid', owner: OWNER, sensitivity: 'PERSONAL' },
  order: '-decidedOn',
} as const;
const RELIEF = {
  of: DisasterRelief,
  rule: { group: 'disaster-relief', owner: OWNER, sensitivity: 'PERSONAL' },
  order: '-reportedOn',
} as const;

/** What civil affairs knows of a person beside the programmes. */
export const PersonCivilAffairs = recordLists(Person, 'personId', {
  relatedStatuses: {
    of: RelatedStatus,
    description: '关联身份 · Statuses and subsidies, latest first',
    rule: { group: 'related-status', owner: OWNER, sensitivity: 'SENSITIVE' },
    order: '-validFrom',
  },
  legacyCertificates: {
    of: LegacyCertificate,
    description: '历史救助证件 · Certificates of former times',
    rule: { group: 'legacy-certificate', owner: OWNER, sensitivity: 'PERSONAL' },
  },
  temporaryAidCases: TEMPORARY_AID,
  disasterRelief: { ...RELIEF, description: '受灾救助记录 · Losses and relief, all versions, latest first' },
  shelterStays: {
    of: ShelterStay,
    description: '救助站记录 · Stays at shelters, latest first',
    rule: { group: 'shelter', owner: OWNER, sensitivity: 'SENSITIVE' },
    order: '-enteredOn',
  },
  charityAid: {
    of: CharityAid,
    description: '慈善帮扶 · Aid by charities, latest first',
    rule: { group: 'charity-aid', owner: OWNER, sensitivity: 'PERSONAL' },
    order: '-givenOn',
  },
});

/** … and of a household. */
export const HouseholdCivilAffairs = recordLists(Household, 'householdId', {
  temporaryAidCases: TEMPORARY_AID,
  disasterRelief: { ...RELIEF, description: '受灾救助记录 · Losses and relief, latest first' },
});

/** What went on after somebody's death. */
@Resolver(() => Person)
export class AfterDeath {
  /** 民政部兜底工作通知（2022）一(三): the household is reviewed within three months; nothing stops by itself. */
  @FieldResolver(() => [Recipient], {
    nullable: true,
    description: '死亡后仍在享受的待遇 · What went on after the day of death, to be reviewed within three months',
  })
  @Rule({ group: 'death', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args, { parent }) => ({
    of: Recipient,
    on: { personId: 'id' },
    where: parent && {
      uses: ['validTo'],
      predicate: (recipient) =>
        sql`(${parent.column('diedOn')} is not null and coalesce(${recipient.column('validTo')} > ${parent.column('diedOn')}, true))`,
    },
    order: ['validFrom'],
    first: args.first,
  }))
  benefitsAfterDeath(@Args() _args: ListArgs): never {
    return compiled();
  }
}
