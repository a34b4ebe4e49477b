/** From items and versions to verdicts and receipts; no database here. */
import { newId } from '../platform/id.ts';
import { AidCode, AidOutcome, REMEDIES } from './aid-item.ts';
import type { AidReceipt } from './aid-item.ts';
import type { PersonFound } from './find-persons.ts';
import type { HeldVersion, NewVersion, SettledVersion } from './grant-versions.ts';
import type { ItemFault, ParsedAid } from './parse-item.ts';

/** An item whose person was found. */
export interface Matched {
  /** Position in the call. */
  readonly index: number;
  readonly aid: ParsedAid;
  readonly person: PersonFound;
  readonly digest: Buffer;
  /** What may be in force once; null where it may be so more often. */
  readonly onceKey: string | null;
  /** What a rule says against it, unless it is held already. */
  readonly fault?: ItemFault | undefined;
}

/** What became of an item. */
export type Verdict = Pick<AidReceipt, 'outcome' | 'code' | 'field' | 'grantId'>;

/** Verdicts by the position of their items. */
export type Verdicts = Map<number, Verdict>;

/** The verdict on an item with a fault. */
export function rejected(fault: ItemFault): Verdict {
  return { outcome: AidOutcome.REJECTED, ...fault, grantId: null };
}

/** What an item is beside the versions held and the items before it in the call. */
export interface Judged {
  readonly index: number;
  /** Id of the version of this key and number, new or held. */
  readonly id: string;
  readonly is: 'NEW' | 'REPEATED' | 'CONTRADICTING';
}

/** Compares the items with what is held, in the order given: what is new, what is a repetition, what contradicts. */
export function judge(
  matched: readonly Matched[],
  held: readonly HeldVersion[],
): { readonly judged: readonly Judged[]; readonly fresh: readonly NewVersion[] } {
  const slot = (sourceKey: string, version: number) => `${version} ${sourceKey}`;
  const known = new Map(held.map(({ id, sourceKey, version, digest }) => [slot(sourceKey, version), { id, digest }]));
  const fresh: NewVersion[] = [];
  const judged = matched.map(({ index, aid, person, digest, onceKey }): Judged => {
    const before = known.get(slot(aid.sourceKey, aid.version));
    if (before !== undefined) {
      return { index, id: before.id, is: before.digest.equals(digest) ? 'REPEATED' : 'CONTRADICTING' };
    }
    const id = newId();
    known.set(slot(aid.sourceKey, aid.version), { id, digest });
    fresh.push({ id, index, aid, person, digest, onceKey });
    return { index, id, is: 'NEW' };
  });
  return { judged, fresh };
}

/**
 * The verdict on a judged item. `settled` are the versions that this call wrote; `kept` is false in a dry run, whose ids
 * nobody will ever find.
 */
export function verdictOf(
  { id, is }: Judged,
  settled: ReadonlyMap<string, SettledVersion>,
  { kept }: { readonly kept: boolean },
): Verdict {
  if (is === 'CONTRADICTING') return rejected({ code: AidCode.KEY_REUSED, field: 'version' });
  const version = settled.get(id);
  const grantId = version === undefined || kept ? id : null;
  if (is === 'REPEATED') return { outcome: AidOutcome.UNCHANGED, code: null, field: null, grantId };
  if (version === undefined) throw new Error('A version that was written is not there');
  return { ...outcomeOf(version), grantId };
}

function outcomeOf({ state, reversedBefore }: SettledVersion): Pick<Verdict, 'outcome' | 'code' | 'field'> {
  if (state === 'SUPERSEDED') return { outcome: AidOutcome.SUPERSEDED, code: null, field: null };
  if (state === 'PENDING') {
    return { outcome: AidOutcome.PENDING, code: AidCode.ORIGINAL_NOT_HELD, field: 'reversalOf' };
  }
  if (reversedBefore) return { outcome: AidOutcome.RECORDED, code: AidCode.ALREADY_REVERSED, field: 'reversalOf' };
  return { outcome: AidOutcome.RECORDED, code: null, field: null };
}

/** The receipt of an item. */
export function toReceipt(
  index: number,
  sourceKey: string | null,
  version: number | null,
  verdict: Verdict | undefined,
): AidReceipt {
  if (verdict === undefined) throw new Error(`Item ${index} of a report was given no verdict`);
  const remedy = verdict.code === null ? null : REMEDIES[verdict.code];
  return { index, sourceKey, version, ...verdict, remedy };
}
