import { hash } from 'node:crypto';

/** The content of one version of a grant in canonical form: what two reports must share to be the same report. */
export interface GrantContent {
  readonly personId: string;
  readonly programme: string;
  readonly mode: string;
  /** Fen. */
  readonly amountFen: bigint | null;
  readonly kindDescription: string | null;
  /** 'YYYY-MM'. */
  readonly periodFrom: string | null;
  readonly periodTo: string | null;
  /** 'YYYY-MM-DD'. */
  readonly decidedOn: string;
  readonly paidOn: string | null;
  readonly fundSource: string | null;
  /** The department's key of the grant that this one reverses. */
  readonly reversalOf: string | null;
  /** Code of the item; reports from before there were items have neither of these two. */
  readonly item?: string | null;
  readonly reference?: string | null;
}

/** A change of fields or of their order is another digest: raise the number, or every replay becomes KEY_REUSED. */
const FORMAT = 'aid-grant/1';

/**
 * SHA-256 over the content, each part preceded by its length in UTF-16 units, so that no two contents share a text. It
 * speaks of the person by the hub's id: a digest must not be a way to test ID numbers. How a value was spelled in the
 * report (1,200.00 or 1200) makes no difference, nor does the name, which only guards the match.
 */
export function grantDigest(content: GrantContent): Buffer {
  const { item = null, reference = null } = content;
  let text = FORMAT;
  for (const part of [
    content.personId,
    content.programme,
    content.mode,
    content.amountFen?.toString() ?? null,
    content.kindDescription,
    content.periodFrom,
    content.periodTo,
    content.decidedOn,
    content.paidOn,
    content.fundSource,
    content.reversalOf,
    // Left out where neither is given: a report without them keeps the digest that it always had.
    ...(item === null && reference === null ? [] : [item, reference]),
  ]) {
    text += part === null ? '-' : `${part.length}:${part}`;
  }
  return hash('sha256', text, 'buffer');
}
