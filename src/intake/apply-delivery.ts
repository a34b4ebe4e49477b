/** Applying as the worker does it: each chunk is written and told to the ledger, the end closes the delivery. */
import type { Bound } from '../access/index.ts';
import type { AccessEntry, Ledger } from '../access/ledger/index.ts';
import type { Pool } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import { finish, toStepDelivery } from './delivery-rows.ts';
import type { AskedBy, DeliveryRecord } from './delivery-rows.ts';
import type { RecordKind } from './record-kind.ts';
import { endSnapshot, noteFeed } from './snapshot.ts';
import { fillStep, runStep } from './step.ts';
import type { MatchSubjects } from './match-subjects.ts';
import type { StepCounts, StepDone } from './step.ts';
import type { Task } from './work-through.ts';

/** What applying works with. */
export interface ApplyParts {
  readonly pool: Pool;
  readonly ledger: Pick<Ledger, 'recordIn'>;
  readonly matchSubjects: MatchSubjects;
  readonly kindOf: (record: DeliveryRecord) => RecordKind;
  /** Largest share that a snapshot ends unasked. */
  readonly share: number;
  /** Told of what was applied, after it was committed. */
  readonly onRows: (record: string, counts: StepCounts) => void;
}

/** Applies. */
export function applying({ pool, ledger, matchSubjects, kindOf, share, onRows }: ApplyParts): Task {
  return {
    state: 'APPLYING',
    inOrder: true,
    // What a chunk writes may say whom the rows of the next one are about, unless its kind is one of records alone.
    mayLookAhead: (record) => kindOf(record).writer.keyed !== undefined,
    prepare(tx, record, range) {
      const step = { kind: kindOf(record), delivery: toStepDelivery(record), preview: false };
      return fillStep(tx, step, range, matchSubjects);
    },
    async run(tx, record, range, { at, prepared }) {
      const step = { kind: kindOf(record), delivery: toStepDelivery(record), at, preview: false };
      const done = await runStep(tx, step, range, matchSubjects, prepared);
      await ledger.recordIn(tx, workEntry(record.askedBy, at, done));
      return done;
    },
    done(record, counts) {
      onRows(record.record, counts);
    },
    async refused(tx, record, rowNo, at) {
      await tx.query(
        `insert into delivery_finding (id, delivery_id, department, row_no, source_key, field, code, found_at)
         select gen_random_uuid(), $1, $2, row_no, source_key, '', 'NOT_RECORDABLE', $4
         from delivery_row where delivery_id = $1 and row_no = $3`,
        [record.id, record.department, rowNo, at],
      );
    },
    // The missing of a snapshot, the feed, the state.
    async conclude(tx, record, at) {
      const { ended, refused } = await endSnapshot(tx, kindOf(record), record, { at, share, endAll: record.endAll });
      if (ended > 0) await ledger.recordIn(tx, workEntry(record.askedBy, at, { persons: [] }));
      await noteFeed(tx, record);
      await finish(tx, record.id, 'APPLIED', at, refused ? 'TOO_MANY_MISSING' : null);
    },
    failed: (deliveryId, at) => finish(pool, deliveryId, 'FAILED', at, 'INTERNAL'),
  };
}

/** Who asked, as it is kept with the delivery. */
export function askedBy(caller: Bound, operation: AccessEntry['operation'], policyVersion: number): AskedBy {
  return {
    client: caller.client,
    department: caller.department,
    role: caller.role === 'SYSTEM' ? 'SYSTEM' : 'REGISTRAR',
    caseNo: caller.caseNo ?? null,
    operation: { name: operation.name ?? null, text: operation.text, digest: operation.digest.toString('hex') },
    policyVersion,
  };
}

/** The entry of a chunk: in the name of whoever asked for the delivery to be applied. */
function workEntry(
  asked: AskedBy | null,
  at: Date,
  { persons, ...counts }: Pick<StepDone, 'persons'> & Partial<StepDone>,
): AccessEntry {
  if (asked === null) throw new Error('A delivery is applied that nobody asked for');
  const { name, text, digest } = asked.operation;
  return {
    id: newId(),
    at,
    client: asked.client,
    department: asked.department,
    role: asked.role,
    purpose: 'DATA_SUPPLY',
    caseNo: asked.caseNo ?? '',
    kind: 'WRITE',
    decision: 'ALLOWED',
    operation: { digest: Buffer.from(digest, 'hex'), text, ...(name === null ? {} : { name }) },
    coordinates: [['Mutation.applyDelivery']],
    persons: persons.map((id) => ({ id, node: 0 })),
    households: [],
    misses: [],
    policyVersion: asked.policyVersion,
    items: (counts.recorded ?? 0) + (counts.changed ?? 0),
  };
}
