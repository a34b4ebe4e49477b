/**
 * A grant that is sent again after a merge or a split, or after one was undone: its digest names the person by another id than
 * it did when it came, and it is the same grant.
 */
import { knownUnder } from '../matching/index.ts';
import type { PoolClient } from '../platform/database.ts';
import { grantDigest } from './grant-digest.ts';
import type { HeldVersion } from './grant-versions.ts';
import type { Matched } from './verdicts.ts';

/**
 * The items, each that says what is held of it, under an id that the person was known under, with the digest that is held. No
 * statement where nothing held differs from what was sent.
 */
export async function recogniseResent(
  tx: PoolClient,
  matched: readonly Matched[],
  held: readonly HeldVersion[],
): Promise<readonly Matched[]> {
  if (held.length === 0) return matched;
  const digests = new Map(held.map(({ sourceKey, version, digest }) => [`${version} ${sourceKey}`, digest]));
  const heldOf = ({ aid }: Matched): Buffer | undefined => digests.get(`${aid.version} ${aid.sourceKey}`);
  const differing = matched.filter((one) => heldOf(one)?.equals(one.digest) === false);
  if (differing.length === 0) return matched;
  const known = await knownUnder(
    tx,
    differing.map(({ person }) => person.personId),
  );
  if (known.size === 0) return matched;
  return matched.map((one): Matched => {
    const before = heldOf(one);
    if (before === undefined || before.equals(one.digest)) return one;
    const ids = known.get(one.person.personId) ?? [];
    return ids.some((personId) => grantDigest({ ...one.aid, personId }).equals(before))
      ? { ...one, digest: before }
      : one;
  });
}
