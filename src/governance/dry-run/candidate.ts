/** The policy that a change would make: of a draft that stands, or of one that somebody has in hand. */
import { z } from 'zod';
import { faultsOf } from '../../access/index.ts';
import type { PolicyContent } from '../../access/index.ts';
import type { Graph } from '../../graph/index.ts';
import type { Pool } from '../../platform/database.ts';
import { badUserInput } from '../../platform/errors.ts';
import { apply, readProposal } from '../changes/proposal.ts';
import type { Proposal, ReadProposal } from '../changes/proposal.ts';
import type { Candidate } from './dry-run.ts';

/** What is tried: a change on file, or the text of one. */
export type Tried = { readonly change: string } | { readonly draft: string };

/** Number of an agreement that has none yet. */
const NEW = 'new';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The candidate, applied to the policy in force.
 * @throws HubError BAD_USER_INPUT that lists what is wrong with it
 */
export async function candidateOf(
  { pool, graph, policy, today }: { pool: Pool; graph: Graph; policy: PolicyContent; today: string },
  tried: Tried,
): Promise<Candidate> {
  const [name, read] = 'change' in tried ? await onFile(pool, tried.change) : inHand(tried.draft);
  if ('faults' in read) throw badUserInput(`${name}: ${read.faults.join('; ')}`);
  const { proposal } = read;
  const applied = apply({ groups: policy.groups, agreements: policy.agreements }, proposal);
  if ('faults' in applied) throw badUserInput(`${name}: ${applied.faults.join('; ')}`);
  const faults = faultsOf(graph, applied.content);
  if (faults.length > 0) throw badUserInput(`${name} does not fit the graph: ${faults.join('; ')}`);
  return { name, content: applied.content, asOf: dayOf(proposal, today) };
}

/** An agreement that is yet to begin is tried as of its first day: today it would change nothing. */
const dayOf = (proposal: Proposal, today: string): string =>
  proposal.kind === 'AMEND' && proposal.agreement.validFrom > today ? proposal.agreement.validFrom : today;

interface ChangeRow {
  readonly kind: Proposal['kind'];
  readonly number: string | null;
  readonly content: unknown;
}

async function onFile(pool: Pool, id: string): Promise<readonly [string, ReadProposal]> {
  const { rows } = UUID.test(id)
    ? await pool.query<ChangeRow>(
        'select kind, agreement_number as number, content from policy_change where id = $1::uuid',
        [id],
      )
    : { rows: [] };
  const [row] = rows;
  if (row === undefined)
    throw badUserInput('change: there is no change with this identifier; list them with hub policy');
  return [row.number ?? row.kind, readProposal(row.kind, row.number ?? undefined, row.content)];
}

/** An agreement in the form of its file, or entries of the catalogue: `{ "catalogue": … }`, as `hub policy draft` takes them. */
function inHand(text: string): readonly [string, ReadProposal] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw badUserInput('draft: this is no JSON; send an agreement as "hub policy show" prints it');
  }
  const groups = z.strictObject({ catalogue: z.unknown() }).safeParse(content).data?.catalogue;
  if (groups !== undefined) return ['CATALOGUE', readProposal('CATALOGUE', undefined, { groups })];
  const { data } = z.looseObject({ number: z.string().default(NEW) }).safeParse(content);
  if (data === undefined) throw badUserInput('draft: send an agreement as "hub policy show" prints it');
  return [data.number, readProposal('AMEND', data.number, { agreement: data })];
}
