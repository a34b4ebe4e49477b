import { Args, FieldResolver, Resolver } from 'type-graphql';
import { compiled, ListArgs, Plan, Rule, sql } from '../../graph/index.ts';
import { Household, Person, Recipient } from '../../registry/index.ts';
import { CharityAid } from './charity-aid.ts';
import { DisasterRelief } from './disaster-relief.ts';
import { LegacyCertificate } from './legacy-certificate.ts';
import { RelatedStatus } from './related-status.ts';
import { ShelterStay } from './shelter-stay.ts';
import { TemporaryAidCase } from './temporary-aid-case.ts';

const OWNER = 'CIVIL_AFFAIRS';

/** What civil affairs knows of a person beside the programmes. */
@Resolver(() => Person)
export class PersonCivilAffairs {
  @FieldResolver(() => [RelatedStatus], {
    nullable: true,
    description: '关联身份 · Statuses and subsidies, latest first',
  })
  @Rule({ group: 'related-status', owner: OWNER, sensitivity: 'SENSITIVE' })
  @Plan<ListArgs>((args) => ({ of: RelatedStatus, on: { personId: 'id' }, order: ['-validFrom'], first: args.first }))
  relatedStatuses(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [LegacyCertificate], {
    nullable: true,
    description: '历史救助证件 · Certificates of former times',
  })
  @Rule({ group: 'legacy-certificate', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args) => ({ of: LegacyCertificate, on: { personId: 'id' }, first: args.first }))
  legacyCertificates(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [TemporaryAidCase], {
    nullable: true,
    description: '临时救助个案 · Temporary aid, latest first',
  })
  @Rule({ group: 'temporary-aid', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args) => ({
    of: TemporaryAidCase,
    on: { personId: 'id' },
    order: ['-decidedOn'],
    first: args.first,
  }))
  temporaryAidCases(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [DisasterRelief], {
    nullable: true,
    description: '受灾救助记录 · Losses and relief, all versions, latest first',
  })
  @Rule({ group: 'disaster-relief', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args) => ({ of: DisasterRelief, on: { personId: 'id' }, order: ['-reportedOn'], first: args.first }))
  disasterRelief(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [ShelterStay], { nullable: true, description: '救助站记录 · Stays at shelters, latest first' })
  @Rule({ group: 'shelter', owner: OWNER, sensitivity: 'SENSITIVE' })
  @Plan<ListArgs>((args) => ({ of: ShelterStay, on: { personId: 'id' }, order: ['-enteredOn'], first: args.first }))
  shelterStays(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [CharityAid], { nullable: true, description: '慈善帮扶 · Aid by charities, latest first' })
  @Rule({ group: 'charity-aid', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args) => ({ of: CharityAid, on: { personId: 'id' }, order: ['-givenOn'], first: args.first }))
  charityAid(@Args() _args: ListArgs): never {
    return compiled();
  }

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

/** What civil affairs knows of a household beside the programmes. */
@Resolver(() => Household)
export class HouseholdCivilAffairs {
  @FieldResolver(() => [TemporaryAidCase], {
    nullable: true,
    description: '临时救助个案 · Temporary aid, latest first',
  })
  @Rule({ group: 'temporary-aid', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args) => ({
    of: TemporaryAidCase,
    on: { householdId: 'id' },
    order: ['-decidedOn'],
    first: args.first,
  }))
  temporaryAidCases(@Args() _args: ListArgs): never {
    return compiled();
  }

  @FieldResolver(() => [DisasterRelief], {
    nullable: true,
    description: '受灾救助记录 · Losses and relief, latest first',
  })
  @Rule({ group: 'disaster-relief', owner: OWNER, sensitivity: 'PERSONAL' })
  @Plan<ListArgs>((args) => ({
    of: DisasterRelief,
    on: { householdId: 'id' },
    order: ['-reportedOn'],
    first: args.first,
  }))
  disasterRelief(@Args() _args: ListArgs): never {
    return compiled();
  }
}
