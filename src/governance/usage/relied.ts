/** What the ledger says of how agreements were used, by department, role and purpose. */
import type { Agreement } from '../../access/index.ts';
import type { Pool } from '../../platform/database.ts';
import { countRequests, readOperations } from '../dry-run/ledger-counts.ts';
import type { Count, LedgerOperation, Span } from '../dry-run/ledger-counts.ts';

/** An operation that was answered, and by how many requests of whom. */
export interface Answered {
  readonly operation: LedgerOperation;
  readonly counts: readonly Count[];
}

/** Requests that an agreement answered. */
export interface Relied {
  readonly client: string;
  readonly requests: number;
  readonly lastAt: Date;
}

const AT_A_TIME = 200;

/** The operations that were answered in the span. */
export async function readAnswered(pool: Pool, span: Span): Promise<readonly Answered[]> {
  const counts = new Map<number, Count[]>();
  for (const count of await countRequests(pool, span))
    if (count.decision === 'ALLOWED') counts.set(count.operation, [...(counts.get(count.operation) ?? []), count]);
  const numbers = [...counts.keys()];
  const answered: Answered[] = [];
  for (let i = 0; i < numbers.length; i += AT_A_TIME)
    for (const operation of await readOperations(pool, numbers.slice(i, i + AT_A_TIME)))
      answered.push({ operation, counts: counts.get(operation.number) ?? [] });
  return answered;
}

/** Whether the operation stood on the agreement, or on one that it took the place of. */
export const standsOn = ({ operation }: Answered, { department, role, purposes }: Agreement): boolean =>
  operation.department === department &&
  operation.role === role &&
  operation.purpose !== undefined &&
  purposes.includes(operation.purpose);

/** Who relied on an agreement, most first. */
export function reliedOn(agreement: Agreement, answered: readonly Answered[]): readonly Relied[] {
  const clients = new Map<string, Relied>();
  for (const one of answered.filter((some) => standsOn(some, agreement)))
    for (const { client, requests, lastAt } of one.counts) {
      const known = clients.get(client);
      clients.set(client, {
        client,
        requests: (known?.requests ?? 0) + requests,
        lastAt: known !== undefined && known.lastAt > lastAt ? known.lastAt : lastAt,
      });
    }
  return [...clients.values()].sort((a, b) => b.requests - a.requests || (a.client < b.client ? -1 : 1));
}
