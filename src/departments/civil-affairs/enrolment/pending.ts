/**
 * When a certificate is settled: with its last line. A household whose lines lie in several chunks would otherwise be told
 * half, with events and spans of a state that never was. Which certificates lie apart is written down once, with the first
 * chunk; lines that lie together and across a border are seen by looking at the neighbours of the chunk.
 */
import type { PoolClient } from '../../../platform/database.ts';
import type { StepDelivery } from '../../../intake/index.ts';
import { CERTIFICATE } from './lines.ts';

const FIRST_CHUNK = `
  insert into enrolment_pending (delivery_id, certificate_no, last_row)
  select i.delivery_id, ${CERTIFICATE}, max(i.row_no)
  from delivery_row i join delivery d on d.id = i.delivery_id
  where i.delivery_id = $1 and i.state = 'STAGED' and d.applied_through = 0 and ${CERTIFICATE} is not null
  group by 1, 2 having max(i.row_no) - min(i.row_no) + 1 <> count(*)
  on conflict do nothing`;

/** Notes which certificates lie apart, while nothing of the delivery is applied. */
export async function notePending(tx: PoolClient, { id }: StepDelivery): Promise<void> {
  await tx.query(FIRST_CHUNK, [id]);
}

// The chunk, how far the delivery is applied, and the certificates of the nearest lines before and behind the chunk.
const BORDERS = `
  with chunk as (
    select min(row_no) as first, greatest(max(row_no), (select d.applied_through from delivery d where d.id = $1)) as last
    from intake_row
  ), borders as (
    select chunk.last, (
        select ${CERTIFICATE} from delivery_row i
        where i.delivery_id = $1 and i.row_no < chunk.first and i.state = 'STAGED' order by i.row_no desc limit 1) as before,
      (select ${CERTIFICATE} from delivery_row i
        where i.delivery_id = $1 and i.row_no > chunk.last and i.state = 'STAGED' order by i.row_no limit 1) as behind
    from chunk
  )`;

/** SQL: a certificate whose lines go on behind the chunk. */
const GOES_ON = (certificate: string): string => `(${certificate} is not distinct from borders.behind or exists (
  select from enrolment_pending p where p.delivery_id = $1 and p.certificate_no = ${certificate} and p.last_row > borders.last))`;

// Those that lines of this chunk change, and those of which earlier chunks changed lines and this one has the last.
const DUE = `${BORDERS}, touched as (
    select ${CERTIFICATE} as certificate from intake_row i where i.verdict in ('NEW', 'CHANGED')
    union
    select l.certificate_no from enrolment_line l where l.id = any($3::uuid[])
    union
    select ${CERTIFICATE} from intake_row i cross join borders
    where (${CERTIFICATE} = borders.before
        or exists (select from enrolment_pending p where p.delivery_id = $1 and p.certificate_no = ${CERTIFICATE}))
      and exists (select from enrolment_line l
        where l.source_system = $2 and l.certificate_no = ${CERTIFICATE} and l.delivery_id = $1)
  )
  select touched.certificate from touched cross join borders where not ${GOES_ON('touched.certificate')} order by 1`;

/**
 * The certificates to settle with this chunk.
 * @param left ended lines of certificates that lines of this chunk left
 */
export async function dueCertificates(
  tx: PoolClient,
  { id, sourceSystem }: StepDelivery,
  left: readonly string[] = [],
): Promise<readonly string[]> {
  const { rows } = await tx.query<{ certificate: string }>(DUE, [id, sourceSystem, left]);
  return rows.map(({ certificate }) => certificate);
}
