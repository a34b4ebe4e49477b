import type { Anchors } from './anchors.ts';
import { holdsSeal } from './chain.ts';
import type { Session } from './session.ts';

/**
 * Removes the anchors of closed chains whose last seal is pinned by our chain or an older one: our own anchor vouches
 * for our first seal, that for the older chains, and so on. Otherwise every start of a process would leave a file.
 */
export async function removeVouchedFor(session: Session, anchors: Anchors): Promise<void> {
  const ids = (await anchors.list()).filter((id) => id !== session.head.id);
  if (ids.length === 0 || (await anchors.read(session.head.id)) === undefined) return;
  const { rows } = await session.client.query<{ id: string }>(VOUCHED_FOR, [session.head.chain, ids]);
  for (const { id } of rows) {
    const anchor = await anchors.read(id);
    // An anchor that the chain does not fit is evidence.
    if (anchor && (await holdsSeal(session.client, anchor))) await anchors.remove(id);
  }
}

const VOUCHED_FOR = `
  with pinned as (
    select (link ->> 'chain')::int as chain, (link ->> 'seq')::int as seq, link ->> 'digest' as digest
    from ledger_chain c
    cross join lateral (select links from ledger_seal s where s.chain = c.number and s.seq = 1 limit 1) first
    cross join lateral jsonb_array_elements(first.links) link
    where c.number <= $1
  )
  select c.id from ledger_chain c
  cross join lateral (
    select seq, closing, digest from ledger_seal s where s.chain = c.number order by seq desc limit 1
  ) head
  where head.closing and c.id = any($2::uuid[])
    and exists (
      select from pinned
      where pinned.chain = c.number and pinned.seq = head.seq and pinned.digest = encode(head.digest, 'hex')
    )`;
