/** Agreements that a policy takes out of force, and purposes that then nothing opens. */
import { isInForce } from '../../access/index.ts';
import { agreementOfPurpose, standings } from './exposure.ts';
import type { Standing } from './exposure.ts';
import type { Side } from './decide.ts';
import type { Count, LedgerOperation } from './ledger-counts.ts';
import type { Vanishing } from './report.ts';

/** What of the policy in force is gone under the other one, with the requests of the span that relied on it. */
export function vanishing(
  now: Side,
  next: Side,
  operations: readonly LedgerOperation[],
  counts: ReadonlyMap<number, readonly Count[]>,
): readonly Vanishing[] {
  const stays = new Set(next.policy.agreements.filter((one) => isInForce(one, next.today)).map(({ number }) => number));
  const gone = new Map<string, { readonly agreement: Vanishing['agreement']; readonly standings: Standing[] }>();
  for (const agreement of now.policy.agreements) {
    const { number, title, department, role } = agreement;
    if (isInForce(agreement, now.today) && !stays.has(number))
      gone.set(`${department}/${role}/${number}`, { agreement: { number, title }, standings: [] });
  }
  for (const standing of standings([now])) {
    const before = agreementOfPurpose(now, standing);
    if (before === undefined || agreementOfPurpose(next, standing) !== undefined) continue;
    const { department, role } = standing;
    const withAgreement = gone.get(`${department}/${role}/${before.number}`);
    if (withAgreement !== undefined) withAgreement.standings.push(standing);
    else {
      const key = `${department}/${role}/`;
      const others = gone.get(key) ?? { agreement: undefined, standings: [] };
      others.standings.push(standing);
      gone.set(key, others);
    }
  }
  return [...gone].map(([key, { agreement, standings: lost }]): Vanishing => {
    const [department = '', role = ''] = key.split('/');
    const purposes = lost.map(({ purpose }) => purpose);
    const relied = operations
      .filter((one) => one.department === department && one.role === role)
      .filter(({ purpose }) => purpose !== undefined && purposes.includes(purpose))
      .flatMap(({ number }) => counts.get(number) ?? [])
      .filter(({ decision }) => decision === 'ALLOWED');
    return {
      department: department as Vanishing['department'],
      role: role as Vanishing['role'],
      agreement,
      purposes,
      requests: relied.reduce((sum, { requests }) => sum + requests, 0),
      lastAt: relied.reduce<Date | undefined>(
        (last, { lastAt }) => (last === undefined || lastAt > last ? lastAt : last),
        undefined,
      ),
    };
  });
}
