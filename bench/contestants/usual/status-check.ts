/** The status check as a resolver writes it: look-ups by lists of keys, put together in JavaScript. */
import { Arg, Authorized, Ctx, Field, InputType, ObjectType, Query, Resolver } from 'type-graphql';
import { In } from 'typeorm';
import { DateScalar } from '../../../src/graph/scalars.ts';
import { nameKey, normaliseResidentId } from '../../../src/registry/identity/index.ts';
import { Enrolment, EnrolmentEvent, Feed, Person, PersonIdentifier, Recipient } from './entities.ts';
import { grouped } from './loaders.ts';
import type { Context } from './reading.ts';

@InputType()
class StatusCheckInput {
  @Field(() => String)
  idNumber!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;
}

@ObjectType()
class StatusCheck {
  @Field(() => String, { nullable: true })
  @Authorized('SYSTEM')
  result!: string;

  @Field(() => Boolean, { nullable: true })
  @Authorized('SYSTEM')
  nameAgrees!: boolean | null;

  @Field(() => String, { nullable: true })
  @Authorized('SYSTEM')
  problem!: string | null;

  @Field(() => String, { nullable: true })
  @Authorized('SYSTEM')
  caseNo!: string;

  @Field(() => [Recipient], { nullable: true })
  @Authorized('SYSTEM')
  programmes!: readonly Recipient[];

  @Field(() => Feed, { nullable: true })
  @Authorized('SYSTEM')
  freshness!: Feed | null;
}

const ONCE = ['TEMPORARY_AID', 'LEGACY_RURAL_HARDSHIP'];

@Resolver()
export class StatusChecks {
  @Query(() => [StatusCheck])
  @Authorized('SYSTEM')
  async checkStatus(
    @Arg('checks', () => [StatusCheckInput]) checks: readonly StatusCheckInput[],
    @Arg('onDate', () => DateScalar, { nullable: true }) _onDate: string | null,
    @Ctx() { source, today, caseNo, loaders }: Context,
  ): Promise<readonly StatusCheck[]> {
    const keys = checks.map(({ idNumber }) => {
      const number = normaliseResidentId(idNumber);
      return number.ok ? number.key : undefined;
    });
    const wanted = keys.filter((key) => key !== undefined);
    const identifiers = await source
      .getRepository(PersonIdentifier)
      .find({ where: { matchKey: In(wanted) }, order: { id: 'ASC' } });
    const byKey = new Map<string, PersonIdentifier>();
    for (const one of identifiers) {
      const known = byKey.get(one.matchKey);
      if (known === undefined || (known.supersededById !== null && one.supersededById === null)) {
        byKey.set(one.matchKey, one);
      }
    }
    const ids = [...new Set([...byKey.values()].map(({ personId }) => personId))];
    const persons = new Map((await source.getRepository(Person).findBy({ id: In(ids) })).map((row) => [row.id, row]));
    const benefits = await Promise.all(ids.map((id) => loaders.benefits.load(id)));
    const standing = await this.#standing(source, benefits.flat(), today);
    const held = new Map(grouped(standing, ({ personId }) => personId, ids).map((rows, n) => [ids[n], rows]));
    const feeds = await source
      .getRepository(Feed)
      .find({ where: { record: 'ENROLMENT' }, order: { deliveredAt: 'ASC', id: 'ASC' } });
    const stale = feeds.length === 0 || feeds.some((feed) => feed.stale);
    return checks.map(({ name }, index) => {
      const key = keys[index];
      const person = persons.get(byKey.get(key ?? '')?.personId ?? '');
      const programmes = held.get(person?.id) ?? [];
      const found = programmes.length > 0 ? 'RECIPIENT' : stale ? 'UNKNOWN' : 'NOT_RECIPIENT';
      return {
        result: key === undefined ? 'MALFORMED' : found,
        nameAgrees: programmes.length === 0 || name == null ? null : person?.nameKey === nameKey(name),
        problem: null,
        caseNo,
        programmes,
        freshness: feeds[0] ?? null,
      };
    });
  }

  /** Without one-off aid, and without enrolments that are suspended by today. */
  async #standing(source: Context['source'], benefits: readonly Recipient[], today: string): Promise<Recipient[]> {
    const regular = benefits.filter(({ programme }) => !ONCE.includes(programme));
    const enrolmentIds = regular.map(({ enrolmentId }) => enrolmentId);
    const suspended = await source.getRepository(Enrolment).findBy({ id: In(enrolmentIds), status: 'SUSPENDED' });
    const events = await source
      .getRepository(EnrolmentEvent)
      .findBy({ enrolmentId: In(suspended.map(({ id }) => id)), kind: 'SUSPEND' });
    const since = new Map<string, string>();
    for (const { enrolmentId, effectiveOn } of events) {
      if (effectiveOn > (since.get(enrolmentId) ?? '')) since.set(enrolmentId, effectiveOn);
    }
    const out = new Set(suspended.filter(({ id }) => !(today < (since.get(id) ?? ''))).map(({ id }) => id));
    return regular.filter(({ enrolmentId }) => !out.has(enrolmentId));
  }
}
