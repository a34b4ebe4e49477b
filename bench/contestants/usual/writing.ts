/** Reporting grants with entities: found by lists of keys, written with one insert. */
import { Arg, Authorized, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { In, IsNull } from 'typeorm';
import { CALLERS } from '../../callers.ts';
import { grantDigest } from '../../../src/aid/grant-digest.ts';
import { newId } from '../../../src/platform/id.ts';
import { nameKey, normaliseResidentId } from '../../../src/registry/identity/index.ts';
import { Person, PersonIdentifier } from './entities.ts';
import type { Membership } from './entities.ts';
import type { Context } from './reading.ts';
import { AidGrant } from './records.ts';

@InputType()
class ReportAidItemInput {
  @Field(() => String)
  sourceKey!: string;

  @Field(() => String)
  version!: string;

  @Field(() => String)
  idNumber!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  programme!: string;

  @Field(() => String)
  mode!: string;

  @Field(() => String)
  amountYuan!: string;

  @Field(() => String)
  periodFrom!: string;

  @Field(() => String)
  periodTo!: string;

  @Field(() => String)
  decidedOn!: string;

  @Field(() => String)
  fundSource!: string;
}

@InputType()
class ReportAidInput {
  @Field(() => [ReportAidItemInput])
  items!: ReportAidItemInput[];
}

@ObjectType()
class AidReceipt {
  @Field(() => Int)
  index!: number;

  @Field(() => String, { nullable: true })
  sourceKey!: string;

  @Field(() => Int, { nullable: true })
  version!: number;

  @Field(() => String)
  outcome!: string;

  @Field(() => String, { nullable: true })
  code!: string | null;

  @Field(() => String, { nullable: true })
  field!: string | null;

  @Field(() => String, { nullable: true })
  remedy!: string | null;
}

@ObjectType()
class ReportAidPayload {
  @Field(() => Int)
  recorded!: number;

  @Field(() => Int)
  unchanged!: number;

  @Field(() => Int)
  superseded!: number;

  @Field(() => Int)
  pending!: number;

  @Field(() => Int)
  rejected!: number;

  @Field(() => [AidReceipt])
  results!: AidReceipt[];
}

const { client, department } = CALLERS.education;

@Resolver()
export class ReportAid {
  @Mutation(() => ReportAidPayload)
  @Authorized('SYSTEM')
  async reportAid(
    @Arg('input', () => ReportAidInput) { items }: ReportAidInput,
    @Ctx() context: Context,
  ): Promise<ReportAidPayload> {
    const { source } = context;
    const now = new Date();
    const persons = await findPersons(context, items);
    const reported = await source.transaction(async (manager) => {
      const keys = items.map(({ sourceKey }) => sourceKey);
      const held = await manager.findBy(AidGrant, { department, sourceKey: In(keys) });
      const known = new Set(held.map(({ sourceKey }) => sourceKey));
      const fresh = items.flatMap((item, index) => {
        const person = persons[index];
        return person === undefined || known.has(item.sourceKey) ? [] : [toGrant(item, person, now)];
      });
      await manager.insert(AidGrant, fresh);
      return new Set(fresh.map(({ sourceKey }) => sourceKey));
    });
    const results = items.map(({ sourceKey, version }, index) => {
      const kept = reported.has(sourceKey);
      return {
        index,
        sourceKey,
        version: Number(version),
        outcome: kept ? 'RECORDED' : 'REJECTED',
        code: kept ? null : 'NO_MATCH',
        field: kept ? null : 'idNumber',
        remedy: null,
      };
    });
    return {
      recorded: reported.size,
      unchanged: 0,
      superseded: 0,
      pending: 0,
      rejected: items.length - reported.size,
      results,
    };
  }
}

interface Found {
  readonly person: Person;
  readonly householdId: string | null;
}

async function findPersons(
  { source, loaders, regions }: Context,
  items: readonly ReportAidItemInput[],
): Promise<readonly (Found | undefined)[]> {
  const keys = items.map(({ idNumber }) => {
    const number = normaliseResidentId(idNumber);
    return number.ok ? number.key : '';
  });
  const identifiers = await source
    .getRepository(PersonIdentifier)
    .findBy({ matchKey: In(keys), supersededById: IsNull() });
  const byKey = new Map(identifiers.map((one) => [one.matchKey, one.personId]));
  const found = await source.getRepository(Person).findBy({ id: In([...byKey.values()]) });
  const persons = new Map(found.map((person) => [person.id, person]));
  return Promise.all(
    items.map(async ({ name }, index) => {
      const person = persons.get(byKey.get(keys[index] ?? '') ?? '');
      if (person?.nameKey !== nameKey(name) || !regions.includes(person.provinceCode)) return undefined;
      return { person, householdId: homeOf(await loaders.homes.load(person.id)) };
    }),
  );
}

/** The household in which the person benefits, before one in which the person is only counted. */
function homeOf(memberships: readonly Membership[]): string | null {
  const rank = ({ role }: Membership): number => (role === 'COUNTED_NOT_BENEFICIARY' ? 1 : 0);
  const [home] = memberships.toSorted(
    (a, b) => rank(a) - rank(b) || b.validFrom.localeCompare(a.validFrom) || a.id.localeCompare(b.id),
  );
  return home?.householdId ?? null;
}

function toGrant(item: ReportAidItemInput, { person, householdId }: Found, now: Date): Omit<AidGrant, 'amount'> {
  const amountFen = item.amountYuan.replace('.', '');
  const { sourceKey, programme, mode, periodFrom, periodTo, decidedOn, fundSource } = item;
  const content = { programme, mode, periodFrom, periodTo, decidedOn, fundSource };
  return {
    ...content,
    id: newId(),
    department,
    sourceKey,
    version: Number(item.version),
    digest: grantDigest({
      ...content,
      personId: person.id,
      amountFen: BigInt(amountFen),
      kindDescription: null,
      paidOn: null,
      reversalOf: null,
    }),
    personId: person.id,
    householdId,
    amountFen,
    state: 'CURRENT',
    reportedBy: client,
    reportedAt: now,
    regionCode: person.regionCode,
    townshipCode: person.townshipCode,
    countyCode: person.countyCode,
    prefectureCode: person.prefectureCode,
    provinceCode: person.provinceCode,
    sourceSystem: client,
    asOf: now,
  };
}
