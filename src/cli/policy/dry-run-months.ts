/** What a dry run tells, and what was told of single months put together. */
import { z } from 'zod';

const denial = z.object({ coordinate: z.string(), reason: z.string(), owner: z.string() });
const requests = z.object({
  operation: z.string(),
  client: z.string(),
  department: z.string(),
  role: z.string(),
  purpose: z.string().nullable(),
  effect: z.string(),
  code: z.string().nullable(),
  denied: z.array(denial),
  less: z.array(z.string()),
  more: z.array(z.string()),
  requests: z.number(),
  firstAt: z.string(),
  lastAt: z.string(),
});
const vanishing = z.object({
  department: z.string(),
  role: z.string(),
  agreement: z.string().nullable(),
  purposes: z.array(z.string()),
  requests: z.number(),
  lastAt: z.string().nullable(),
});
/** What is told of requests. */
export const month = z.object({
  candidate: z.string(),
  baseVersion: z.number(),
  asOf: z.string(),
  requests: z.number(),
  effects: z.array(z.object({ effect: z.string(), requests: z.number() })),
  affected: z.array(requests),
  vanishing: z.array(vanishing),
});
/** What is told of a coordinate that becomes open. */
export const exposure = z.object({
  coordinate: z.string(),
  department: z.string(),
  role: z.string(),
  purposes: z.array(z.string()),
  from: z.string(),
  to: z.string(),
  persons: z.number(),
  households: z.number(),
  basis: z.string(),
});
/** What is found of one month, or of several together. */
export type Found = z.infer<typeof month>;
/** A coordinate that becomes open. */
export type Exposure = z.infer<typeof exposure>;

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
