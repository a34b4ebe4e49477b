/** Rows as they come, read and put into `delivery_row` with COPY: batches of one size, so memory does not grow. */
import { finished } from 'node:stream/promises';
import { inTransaction } from '../platform/database.ts';
import type { Pool, PoolClient } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import { rowReader } from './read-row.ts';
import type { ReadRow } from './read-row.ts';
import type { RawRow, RecordKind, RowFault } from './record-kind.ts';

/** Rows of one COPY. */
const BATCH = 4_000;
const SPECIAL = /[\\\t\n\r]/;
const EACH_SPECIAL = /[\\\t\n\r]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** Where rows are staged. */
export interface Staging {
  readonly deliveryId: string;
  readonly kind: RecordKind;
  /** 'YYYY-MM-DD' */
  readonly today: string;
  readonly at: Date;
}

/** What was staged. */
export interface Staged {
  readonly rows: number;
  readonly faulty: number;
  readonly repeated: number;
  /** Of what was sent to the database. */
  readonly bytes: number;
}

/** A finding on its way into the table. */
export interface NewFinding extends RowFault {
  readonly rowNo: number;
  readonly sourceKey: string | null;
}

/**
 * Reads and stages rows, each batch in a transaction of its own. `beat` is called with each batch, in its transaction.
 * Row numbers ascend.
 */
export async function stageRows(
  pool: Pool,
  staging: Staging,
  rows: AsyncIterable<readonly RawRow[]>,
  beat: (tx: PoolClient, soFar: { readonly rows: number; readonly bytes: number }) => Promise<void>,
): Promise<Staged> {
  const read = rowReader(staging.kind, staging.today);
  let batch: ReadRow[] = [];
  let total = 0;
  let bytes = 0;
  // One batch travels while the next one is read.
  let sending: Promise<void> = Promise.resolve();
  const send = async (): Promise<void> => {
    const going = batch;
    batch = [];
    total += going.length;
    const text = Buffer.from(going.map(lineOf(staging.deliveryId)).join(''));
    bytes += text.length;
    const soFar = { rows: total, bytes };
    await sending;
    sending = inTransaction(pool, async (tx) => {
      await copyRows(tx, text);
      await insertFindings(tx, staging, going.flatMap(findingsOf));
      await beat(tx, soFar);
    });
    // Seen by the next `await sending`; until then it must not count as unhandled.
    sending.catch(() => undefined);
  };
  try {
    for await (const part of rows) {
      for (const raw of part) {
        batch.push(read(raw));
        if (batch.length >= BATCH) await send();
      }
    }
    if (batch.length > 0) await send();
  } finally {
    await sending;
  }
  const { faulty, repeated } = await inTransaction(pool, (tx) => settleKeys(tx, staging));
  return { rows: total, faulty, repeated, bytes };
}

const findingsOf = ({ rowNo, sourceKey, findings }: ReadRow): readonly NewFinding[] =>
  findings.map((finding) => ({ ...finding, rowNo, sourceKey }));

/** COPY of lines in its text format. */
export async function copyRows(tx: PoolClient, text: Buffer | string): Promise<void> {
  const { from: copyFrom } = await import('pg-copy-streams');
  const stream = tx.query(
    copyFrom(`copy delivery_row (delivery_id, row_no, state, source_key, id, new_person_id, content, digest, id_type,
      id_value, id_key, name, name_key, sex, birth_date, region) from stdin`),
  );
  stream.end(text);
  await finished(stream);
}

const NOTHING = '\\N';
const cell = (text: string | null): string =>
  text === null ? NOTHING : SPECIAL.test(text) ? text.replace(EACH_SPECIAL, (sign) => ESCAPES[sign] ?? sign) : text;

/** The line of a row. */
export const lineOf =
  (deliveryId: string) =>
  (read: ReadRow): string => {
    if (read.row === undefined) {
      return `${deliveryId}\t${read.rowNo}\tFAULTY\t${cell(read.sourceKey)}${`\t${NOTHING}`.repeat(12)}\n`;
    }
    const { subject } = read.row;
    const who =
      subject === null
        ? NOBODY
        : [
            subject.idType,
            subject.idValue,
            subject.idKey,
            subject.name,
            subject.nameKey,
            subject.sex,
            subject.birthDate,
            subject.region,
          ]
            .map(cell)
            .join('\t');
    const newPerson = subject === null ? NOTHING : newId();
    return `${deliveryId}\t${read.rowNo}\tSTAGED\t${cell(read.sourceKey)}\t${newId()}\t${newPerson}\t${cell(read.json)}\t\\\\x${read.digest}\t${who}\n`;
  };
const NOBODY = Array.from({ length: 8 }, () => NOTHING).join('\t');

/** Puts findings on record. */
export async function insertFindings(
  tx: PoolClient,
  { deliveryId, at }: Pick<Staging, 'deliveryId' | 'at'>,
  findings: readonly NewFinding[],
): Promise<void> {
  if (findings.length === 0) return;
  await tx.query(
    `insert into delivery_finding (id, delivery_id, department, row_no, source_key, field, code, found_at)
     select f.id, d.id, d.department, f.row_no, f.source_key, f.field, f.code, $2
     from unnest($3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[]) as f (id, row_no, source_key, field, code)
     join delivery d on d.id = $1`,
    [
      deliveryId,
      at,
      findings.map(() => newId()),
      findings.map(({ rowNo }) => rowNo),
      findings.map(({ sourceKey }) => sourceKey),
      findings.map(({ field }) => field),
      findings.map(({ code }) => code),
    ],
  );
}

/**
 * One key, several rows: with the same content the last one stands and the others are REPEATED; with different content
 * nobody can say which one is meant, so all are FAULTY, and each finding names another row of the key.
 */
export async function settleKeys(
  tx: PoolClient,
  { deliveryId, at }: Pick<Staging, 'deliveryId' | 'at'>,
): Promise<{ readonly faulty: number; readonly repeated: number }> {
  await tx.query('set local enable_nestloop = off');
  await tx.query(
    `with again as materialized (
       select source_key from delivery_row where delivery_id = $1 and state = 'STAGED'
       group by source_key having count(*) > 1
     ), of as materialized (
       select r.row_no, r.source_key, r.digest from delivery_row r join again using (source_key)
       where r.delivery_id = $1 and r.state = 'STAGED'
     ), key as (
       select source_key, min(row_no) as first, max(row_no) as last, count(distinct digest) as contents
       from of group by source_key
     ), settled as (
       update delivery_row r set state = case when key.contents = 1 then 'REPEATED' else 'FAULTY' end
       from of join key using (source_key)
       where r.delivery_id = $1 and r.row_no = of.row_no and (key.contents > 1 or of.row_no < key.last)
       returning r.row_no, r.source_key, r.state, key.first, key.last
     )
     insert into delivery_finding (id, delivery_id, department, row_no, source_key, field, code, other_row, found_at)
     select gen_random_uuid(), d.id, d.department, s.row_no, s.source_key, 'sourceKey', 'DUPLICATE_KEY',
            case when s.row_no = s.first then s.last else s.first end, $2
     from settled s join delivery d on d.id = $1 where s.state = 'FAULTY'`,
    [deliveryId, at],
  );
  const { rows } = await tx.query<{ faulty: number; repeated: number }>(
    `select count(*) filter (where state = 'FAULTY')::int as faulty,
            count(*) filter (where state = 'REPEATED')::int as repeated
     from delivery_row where delivery_id = $1 and state in ('FAULTY', 'REPEATED')`,
    [deliveryId],
  );
  return rows[0] ?? { faulty: 0, repeated: 0 };
}
