/** DataLoaders of one request: each table is asked once for all rows of a level. */
import DataLoader from 'dataloader';
import { Brackets, In, Not } from 'typeorm';
import type { DataSource, EntityTarget, FindOptionsOrder, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import { Enrolment, EnrolmentEvent, Household, Membership, Person, PersonIdentifier, Recipient } from './entities.ts';
import { AidGrant, EmploymentRecord, HousingRecord, MedicalSettlement, StudentRecord } from './records.ts';

/** The loaders of a request. */
export type Loaders = ReturnType<typeof makeLoaders>;

/** Makes the loaders; `today` is the day on which memberships and benefits are looked at. */
export function makeLoaders(source: DataSource, today: string) {
  const one = <T extends ObjectLiteral & { id: string }>(entity: EntityTarget<T>) =>
    new DataLoader<string, T | null>(async (ids) => {
      const where = { id: In([...ids]) } as FindOptionsWhere<T>;
      const found = new Map((await source.getRepository(entity).findBy(where)).map((row) => [row.id, row]));
      return ids.map((id) => found.get(id) ?? null);
    });

  const many = <T extends ObjectLiteral, K extends keyof T & string>(
    entity: EntityTarget<T>,
    key: K,
    order: FindOptionsOrder<T>,
    where: FindOptionsWhere<T> = {},
  ) =>
    new DataLoader<string, readonly T[]>(async (ids) => {
      const rows = await source
        .getRepository(entity)
        .find({ where: { ...where, [key]: In([...ids]) } as FindOptionsWhere<T>, order });
      return grouped(rows, (row) => String(row[key]), ids);
    });

  const valid = <T extends ObjectLiteral>(entity: EntityTarget<T>, key: keyof T & string) =>
    new DataLoader<string, readonly T[]>(async (ids) => {
      const rows = await source
        .getRepository(entity)
        .createQueryBuilder('row')
        .where(`row.${key} in (:...ids)`, { ids: [...ids] })
        .andWhere('row.validFrom <= :today', { today })
        .andWhere(
          new Brackets((either) => either.where('row.validTo is null').orWhere('row.validTo >= :today', { today })),
        )
        .orderBy('row.validFrom')
        .addOrderBy('row.id')
        .getMany();
      return grouped(rows, (row) => String(row[key]), ids);
    });

  const held = { state: Not('SUPERSEDED') };
  const newest = { decidedOn: 'DESC', id: 'ASC' } as const;
  return {
    person: one(Person),
    household: one(Household),
    enrolment: one(Enrolment),
    numbers: many(PersonIdentifier, 'personId', { verified: 'DESC', id: 'ASC' }, { type: 'RESIDENT_ID' }),
    members: valid(Membership, 'householdId'),
    homes: valid(Membership, 'personId'),
    benefits: valid(Recipient, 'personId'),
    events: many(EnrolmentEvent, 'enrolmentId', { effectiveOn: 'ASC', id: 'ASC' }),
    studentRecords: many(StudentRecord, 'personId', { term: 'DESC', id: 'ASC' }),
    medicalSettlements: many(MedicalSettlement, 'personId', { admittedOn: 'DESC', id: 'ASC' }),
    housingRecords: many(HousingRecord, 'personId', { id: 'ASC' }),
    employmentRecords: many(EmploymentRecord, 'personId', { registeredOn: 'DESC', id: 'ASC' }),
    grantsOfPerson: many(AidGrant, 'personId', newest, held),
    grantsOfHousehold: many(AidGrant, 'householdId', newest, held),
  };
}

/** Rows by key, in the order of the keys. */
export function grouped<T>(rows: readonly T[], keyOf: (row: T) => string, keys: readonly string[]): (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return keys.map((key) => groups.get(key) ?? []);
}
