/**
 * That a value which departments were told no longer holds: noted in the transaction in which it changes, and carried out
 * apart from it, since finding who relied on it reads the ledger. See docs/corrections.md.
 */
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { closedList, isOneOf } from '../graph/index.ts';
import type { PoolClient } from '../platform/database.ts';
import { newId } from '../platform/id.ts';

export const RecallCause = closedList('RecallCause', '提醒事由 · Why a value that was told no longer holds', {
  CORRECTED: '数据已更正 · The value was corrected',
  STATUS_ENDED: '救助待遇已终止 · The status ended',
  DIED: '人员已死亡 · The person died',
});
export type RecallCause = keyof typeof RecallCause;

/** Of a table whose rows are about a person or a household. */
export const ONE_SUBJECT_CHECK = 'num_nonnulls(person_id, household_id) = 1';

/** One order to tell those who relied on values of a person or of a household. No GraphQL type. */
@Entity()
@Check('ck_recall_order__cause', isOneOf('cause', RecallCause))
@Check('ck_recall_order__told', 'cardinality(told) > 0')
@Check('ck_recall_order__subject', ONE_SUBJECT_CHECK)
// Nulls are not distinct in it, which TypeORM cannot say.
@Index('uq_recall_order__once', { synchronize: false })
@Index('ix_recall_order__ordered_at_id', ['orderedAt', 'id'], { where: 'done_at is null' })
export class RecallOrder {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { nullable: true })
  personId!: string | null;

  @Column('uuid', { nullable: true })
  householdId!: string | null;

  /** Coordinates of the schema, or groups of the catalogue. */
  @Column('varchar', { array: true })
  told!: string[];

  @Column('varchar')
  cause!: RecallCause;

  /** Of what it follows from: number of a correction, key of an enrolment, a delivery. */
  @Column('varchar')
  reference!: string;

  /** Who was told earlier was told something else; null: since ever. */
  @Column('timestamptz', { nullable: true })
  since!: Date | null;

  @Column('timestamptz')
  orderedAt!: Date;

  @Column('timestamptz', { nullable: true })
  doneAt!: Date | null;
}

/** Whose value it is: a person's or a household's. */
export type ValueSubject =
  | { readonly personId: string; readonly householdId?: undefined }
  | { readonly householdId: string; readonly personId?: undefined };

/** What no longer holds. */
export type NewRecall = ValueSubject & {
  /** Coordinates of the schema, e.g. Person.address, or groups of the catalogue, e.g. status: every field that tells its values. */
  readonly told: readonly string[];
  readonly cause: RecallCause;
  /** Of what it follows from; the same subject, cause and reference again are the same recall. No personal data. */
  readonly reference: string;
  /** Since when the value that no longer holds was recorded; left out: since ever. */
  readonly since?: Date | undefined;
  /** The injected clock's now: who is told later is told what holds. */
  readonly at: Date;
};

/**
 * Orders that everybody who was told these values be told that they no longer hold. One statement for all of them; what was
 * ordered before stays as it was.
 * @returns ids of the orders that are new
 */
export async function recall(tx: Pick<PoolClient, 'query'>, recalls: readonly NewRecall[]): Promise<readonly string[]> {
  if (recalls.length === 0) return [];
  const rows = recalls
    .map(({ personId = null, householdId = null, told, cause, reference, since, at }) => ({
      id: newId(),
      person_id: personId,
      household_id: householdId,
      told,
      cause,
      reference,
      since: since ?? null,
      ordered_at: at,
    }))
    // Two transactions that order the same wait for each other in one order.
    .map((row) => ({ key: `${row.person_id ?? row.household_id ?? ''}${row.cause}${row.reference}`, row }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => row);
  const ordered = await tx.query<{ id: string }>(
    `insert into recall_order (id, person_id, household_id, told, cause, reference, since, ordered_at)
     select id, person_id, household_id, told, cause, reference, since, ordered_at from jsonb_to_recordset($1::jsonb)
       as r (id uuid, person_id uuid, household_id uuid, told varchar[], cause varchar, reference varchar, since timestamptz,
         ordered_at timestamptz)
     on conflict (person_id, household_id, cause, reference) do nothing
     returning id`,
    [JSON.stringify(rows)],
  );
  return ordered.rows.map(({ id }) => id);
}
