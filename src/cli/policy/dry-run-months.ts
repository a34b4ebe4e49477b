/** What was found of single months, put together. */
import type { Found } from './dry-run.ts';

/** The months as one span: requests that are alike are one line. */
export function merged(months: readonly Found[]): Found {
  const [first] = months;
  if (first === undefined) throw new Error('No month was asked about');
  const effects = new Map<string, number>();
  const affected = new Map<string, Found['affected'][number]>();
  const vanishing = new Map<string, Found['vanishing'][number]>();
  for (const month of months) {
    for (const { effect, requests } of month.effects) effects.set(effect, (effects.get(effect) ?? 0) + requests);
    for (const one of month.affected) {
      const { requests, firstAt, lastAt, ...alike } = one;
      const key = JSON.stringify(alike);
      const known = affected.get(key);
      affected.set(key, {
        ...alike,
        requests: (known?.requests ?? 0) + requests,
        firstAt: known?.firstAt ?? firstAt,
        lastAt: lastAt,
      });
    }
    for (const one of month.vanishing) {
      const key = JSON.stringify([one.department, one.role, one.agreement]);
      const known = vanishing.get(key);
      vanishing.set(key, {
        ...one,
        requests: (known?.requests ?? 0) + one.requests,
        lastAt: one.lastAt ?? known?.lastAt ?? null,
      });
    }
  }
  return {
    ...first,
    requests: months.reduce((sum, { requests }) => sum + requests, 0),
    effects: [...effects].map(([effect, requests]) => ({ effect, requests })),
    affected: [...affected.values()],
    vanishing: [...vanishing.values()],
  };
}
