/** What becomes of recorded requests under another policy. */
import type { DeniedCoordinate } from '../../graph/index.ts';
import { agreementOf, decide, tellsMore } from './decide.ts';
import type { Passed, Refused, Side } from './decide.ts';
import { evidenceOf } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import type { Form } from './forms.ts';
import { isForPolicy } from './recorded.ts';
import type { Recorded } from './recorded.ts';
import { decidesAlike } from './alike.ts';

/**
 * What changes: `FAILS` and `PASSES` for sure, `MAY_FAIL` and `MAY_PASS` depending on values that the ledger does not hold;
 * answers that tell less (masked, null, of fewer rows) or more than before.
 */
export type Effect =
  'FAILS' | 'MAY_FAIL' | 'PASSES' | 'MAY_PASS' | 'TELLS_LESS' | 'TELLS_MORE' | 'UNCHANGED' | 'UNKNOWN';

/** What is foreseen of requests that are alike. */
export interface Foreseen {
  readonly effect: Effect;
  /** What refuses them then, or refused them until now. */
  readonly denied: readonly DeniedCoordinate[];
  readonly code: Refused['code'] | undefined;
  /** Coordinates of which less is told: masked, null or on fewer rows. */
  readonly less: readonly string[];
  /** Coordinates of which more is told. */
  readonly more: readonly string[];
}

/** The policies that requests are held against. */
export interface Sides {
  /** The one that decided when they were made; undefined where it no longer fits the graph. */
  readonly then: Side | undefined;
  /** The one in force. */
  readonly now: Side;
  /** The candidate. */
  readonly next: Side;
}

const PLAIN = { denied: [], code: undefined, less: [], more: [] } as const;

/** Holds requests against both policies. `forms` are those of their text; none where it is no operation any more. */
export function foresee(asked: Recorded, { then, now, next }: Sides, forms: readonly Form[]): Foreseen {
  if (!isForPolicy(asked)) return { effect: 'UNCHANGED', ...PLAIN };
  if (decidesAlike(agreementOf(now, asked), agreementOf(next, asked))) return { effect: 'UNCHANGED', ...PLAIN };
  const [foreseen, ...others] = evidenceOf(then, asked, forms).map((evidence) =>
    foreseeFor(asked, now, next, evidence),
  );
  if (foreseen === undefined || others.some(({ effect }) => effect !== foreseen.effect))
    return { effect: 'UNKNOWN', ...PLAIN };
  return foreseen;
}

function foreseeFor(asked: Recorded, now: Side, next: Side, { form, said, unsure, onDenied }: Evidence): Foreseen {
  const before = decide(now, asked, form, said, onDenied);
  const after = decide(next, asked, form, said, onDenied);
  if (before === undefined || after === undefined) return { effect: 'UNKNOWN', ...PLAIN };
  if (!after.passes)
    return { ...PLAIN, effect: before.passes ? 'FAILS' : 'UNCHANGED', denied: after.denied, code: after.code };
  // Of each value that they may have sent: what it would be refused for.
  const doubts = unsure.flatMap((part): readonly Refused[] => {
    const with_ = decide(next, asked, form, [...said, part], onDenied);
    if (with_ === undefined || with_.passes) return [];
    if (!before.passes) return [with_];
    // Refused until now as well: so it was not sent, or it changes nothing.
    return decide(now, asked, form, [...said, part], onDenied)?.passes === true ? [with_] : [];
  });
  const denied = doubts.flatMap((doubt) => doubt.denied);
  if (!before.passes) {
    if (doubts.length > 0) return { ...PLAIN, effect: 'MAY_PASS', denied, code: doubts[0]?.code };
    return { ...PLAIN, effect: 'PASSES', denied: before.denied, code: before.code, more: [...after.told.keys()] };
  }
  const { less, more } = difference(before, after);
  if (doubts.length > 0) return { effect: 'MAY_FAIL', denied, code: doubts[0]?.code, less, more };
  const effect = less.length > 0 ? 'TELLS_LESS' : more.length > 0 ? 'TELLS_MORE' : 'UNCHANGED';
  return { ...PLAIN, effect, less, more };
}

function difference(before: Passed, after: Passed): { readonly less: string[]; readonly more: string[] } {
  const less: string[] = [];
  const more: string[] = [];
  for (const [coordinate, grade] of before.told) {
    const then = after.told.get(coordinate);
    if (then === undefined || tellsMore(grade, then)) less.push(coordinate);
  }
  for (const [coordinate, grade] of after.told)
    if (tellsMore(grade, before.told.get(coordinate))) more.push(coordinate);
  return { less, more };
}
