/**
 * That a value which departments were told no longer holds: noted in the transaction in which it changes, and carried out
 * apart from it, since finding who relied on it reads the ledger. See docs/corrections.md.
 */
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { closedList, isOneOf } from '../graph/index.ts';
import type { PoolClient } from '../platform/database.ts';
import { newId } from '../platform/id.ts';

export const RecallCause = closedList('RecallCause', '提醒事由 · Why a value that was told no longer holds', {
  CORRECTED: '数据已更正 · The value was corrected',
  STATUS_ENDED: '救助待遇已终止 · The status ended',
  DIED: '人员已死亡 · The person died',
});
export type RecallCause = keyof typeof RecallCause;

/** One order to tell those who relied on values of a person. No GraphQL type. */
@Entity()
@Check('ck_recall_order__cause', isOneOf('cause', RecallCause))
@Check('ck_recall_order__told', 'cardinality(told) > 0')
@Unique(['personId', 'cause', 'reference'])
@Index('ix_recall_order__ordered_at_id', ['orderedAt', 'id'], { where: 'done_at is null' })
export class RecallOrder {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  personId!: string;

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

/** What no longer holds. */
export interface NewRecall {
  readonly personId: string;
  /** Coordinates of the schema, e.g. Person.address, or groups of the catalogue, e.g. status: every field that tells its values. */
  readonly told: readonly string[];
  readonly cause: RecallCause;
  /** Of what it follows from; the same person, cause and reference again are the same recall. No personal data. */
  readonly reference: string;
  /** Since when the value that no longer holds was recorded; left out: since ever. */
  readonly since?: Date | undefined;
  /** The injected clock's now: who is told later is told what holds. */
  readonly at: Date;
}

/**
 * Orders that everybody who was told these values be told that they no longer hold. One statement for all of them; what was
 * ordered before stays as it was.
 */
export async function recall(tx: Pick<PoolClient, 'query'>, recalls: readonly NewRecall[]): Promise<void> {
  if (recalls.length === 0) return;
  const rows = recalls
    .map(({ personId, told, cause, reference, since, at }) => ({
      id: newId(),
      person_id: personId,
      told,
      cause,
      reference,
      since: since ?? null,
      ordered_at: at,
    }))
    // Two transactions that order the same wait for each other in one order.
    .sort((a, b) => (a.person_id + a.cause + a.reference < b.person_id + b.cause + b.reference ? -1 : 1));
  await tx.query(
    `insert into recall_order (id, person_id, told, cause, reference, since, ordered_at)
     select id, person_id, told, cause, reference, since, ordered_at from jsonb_to_recordset($1::jsonb)
       as r (id uuid, person_id uuid, told varchar[], cause varchar, reference varchar, since timestamptz,
         ordered_at timestamptz)
     on conflict (person_id, cause, reference) do nothing`,
    [JSON.stringify(rows)],
  );
}
