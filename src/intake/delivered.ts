import { Field, ObjectType } from 'type-graphql';
import { Column } from 'typeorm';
import { DateScalar, Rule } from '../graph/index.ts';
import { recordedBy } from '../registry/index.ts';
import type { Recorded } from '../registry/index.ts';

/** A row that came in a delivery. */
export interface Delivered extends Recorded {
  deliveryId: string | null;
  digest: Buffer | null;
  endedOn: string | null;
}

/**
 * The columns of a department's own records: where a row came from, in which delivery, and since when its source no
 * longer reports it. Beside it the table has `unique (source_system, source_key)`. `owner` is the department.
 */
export function deliveredBy(owner: string): abstract new () => Delivered {
  @ObjectType({ description: '报送记录 · A record that a department delivered' })
  abstract class DeliveredRow extends recordedBy(owner) implements Delivered {
    /** The delivery that wrote this version; nobody is shown it. */
    @Column('uuid', { nullable: true })
    deliveryId!: string | null;

    /** SHA-256 of the content, by which the same content again is told from a change. */
    @Column('bytea', { nullable: true })
    digest!: Buffer | null;

    @Column('date', { nullable: true })
    @Field(() => DateScalar, {
      nullable: true,
      description: '数源已不再报送，此为最后一日 · Its source no longer reports it: the last day on which it did',
    })
    @Rule({ group: 'provenance', owner, sensitivity: 'INTERNAL' })
    endedOn!: string | null;
  }
  return DeliveredRow;
}
