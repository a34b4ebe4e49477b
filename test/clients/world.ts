/** A hub with a few persons whom some clients may see, and what a client is told to send. */
import type { Bound } from '../../src/access/index.ts';
import { CALLERS, openNeighbours } from '../access/attacks/neighbours.ts';
import type { Neighbours } from '../access/attacks/neighbours.ts';
import type { TestHub } from '../harness/hub.ts';
import type { Errand } from './errand.ts';

/** A running hub, and errands in it. */
export interface ClientWorld extends Neighbours {
  readonly url: string;
  /** Sees four recipients in two provinces. */
  readonly civilAffairs: Errand;
  /** Sees the status of one person, and not the ethnicity. */
  readonly education: Errand;
  /** May report grants. */
  readonly reporting: Errand;
  /** Ids of all recipients, in the order of the list. */
  readonly recipientIds: readonly string[];
  /** A report of two grants, of which the second has no day. */
  readonly report: { readonly items: readonly object[] };
}

/** What a caller tells its client to send to that hub. */
export const errandOf = (hub: TestHub, caller: Bound): Errand => ({
  token: (hub.headersOf(caller)['authorization'] ?? '').replace(/^Bearer /, ''),
  purpose: caller.purpose ?? '',
  caseNo: caller.caseNo ?? '',
});

export async function openWorld(): Promise<ClientWorld> {
  const neighbours = await openNeighbours();
  const { hub, known, relative, stranger, distant } = neighbours;
  const grant = {
    idNumber: known.idNumber,
    name: known.name,
    programme: 'EDUCATION_AID',
    mode: 'CASH',
    amountYuan: '9',
  };
  return {
    ...neighbours,
    url: `${hub.url}/graphql`,
    civilAffairs: errandOf(hub, CALLERS.civilAffairs),
    education: errandOf(hub, CALLERS.education),
    reporting: errandOf(hub, { ...CALLERS.education, purpose: 'AID_REPORTING', purposes: ['AID_REPORTING'] }),
    recipientIds: [known, relative, stranger, distant].map(({ recipientId }) => recipientId).sort(),
    report: {
      items: [
        { ...grant, sourceKey: 'k-1', decidedOn: '2026-09-01' },
        { ...grant, sourceKey: 'k-2', decidedOn: 'soon' },
      ],
    },
  };
}
