/** What a refusal looks like over HTTP: which coordinates it names, and that nobody's data was read for it. */
import { expect } from '@jest/globals';
import type { Bound } from '../../../src/access/index.ts';
import type { HttpAnswer } from '../../harness/hub.ts';
import { SECRETS } from './neighbours.ts';
import type { Neighbours } from './neighbours.ts';

/** The coordinates that an answer says are denied. */
export const deniedOf = ({ json }: HttpAnswer): string[] =>
  (json.errors ?? []).flatMap(({ extensions }) =>
    ((extensions['denied'] ?? []) as { coordinate: string }[]).map(({ coordinate }) => coordinate),
  );

const readsSoFar = async ({ database }: Neighbours): Promise<number> => {
  const { rows } = await database.owner.query<{ n: number }>(
    `select count(*)::int as n from access_log where decision = 'ALLOWED'`,
  );
  return rows[0]?.n ?? -1;
};

/** The operation is refused as a whole with just these coordinates, and nobody's data was read for it. */
export async function isRefused(
  world: Neighbours,
  query: string,
  caller: Bound,
  ...coordinates: string[]
): Promise<void> {
  const before = await readsSoFar(world);
  const answer = await world.hub.ask(query, caller);
  expect(deniedOf(answer).sort()).toEqual(coordinates.sort());
  expect(answer.json.data ?? null).toBeNull();
  expect(answer.status).toBe(403);
  for (const secret of Object.values(SECRETS)) expect(answer.text).not.toContain(secret);
  expect(await readsSoFar(world)).toBe(before);
}
