/** Which item a grant is, and what speaks against it before anything is written. */
import type { Pool } from '../platform/database.ts';
import { AidCode } from './aid-item.ts';
import type { PersonFound } from './find-persons.ts';
import { grantDigest } from './grant-digest.ts';
import { itemOf, readItems } from './item-catalogue.ts';
import type { AidItemRule } from './item-catalogue.ts';
import type { ItemFault, ParsedAid } from './parse-item.ts';
import type { Matched } from './verdicts.ts';

/** A department's own rule for one item. Without the department's module there is no such rule. */
export interface AidRule {
  /** Code of the item. */
  readonly item: string;
  readonly code: AidCode;
  /**
   * SQL, true where a grant is refused; what is not known must not refuse. Over `asked`: person_id uuid, decided_on date,
   * period_from text ('YYYY-MM', may be null). One statement asks for all items of a call.
   */
  readonly refuses: string;
}

/** An item whose person was found; `chain` are the divisions of its office, or of the person's home. */
export interface FoundAid {
  readonly index: number;
  readonly aid: ParsedAid;
  readonly person: PersonFound;
  readonly chain: readonly (string | null)[];
}

/**
 * The grants with the codes of their items, digests, once-keys and what the rules say against them; an item that is not in
 * the catalogue is told to `refuse`. A reversal only names what it undoes, so no rule holds for it. No statement where no
 * item is named.
 */
export async function identifyItems(
  pool: Pool,
  rules: readonly AidRule[],
  found: readonly FoundAid[],
  refuse: (index: number, fault: ItemFault) => void,
): Promise<readonly Matched[]> {
  const named = found.filter(({ aid }) => aid.item !== null);
  const items = named.length === 0 ? [] : await readItems(pool, [...new Set(named.map(({ aid }) => aid.programme))]);
  const matched = found.flatMap(({ index, aid, person, chain }): Matched[] => {
    if (aid.item === null) return [identified(index, aid, person, undefined)];
    const item = itemOf(items, { word: aid.item, programme: aid.programme, on: aid.decidedOn, chain });
    if (item !== undefined) return [identified(index, aid, person, item)];
    refuse(index, { code: AidCode.UNKNOWN_ITEM, field: 'item' });
    return [];
  });
  const refused = await refusedBy(pool, rules, matched);
  return matched.map((one): Matched => {
    const code = refused.get(one.index);
    return code === undefined ? one : { ...one, fault: { code, field: 'item' } };
  });
}

function identified(index: number, sent: ParsedAid, person: PersonFound, item: AidItemRule | undefined): Matched {
  const aid = { ...sent, item: item?.code ?? null };
  const onceKey = item === undefined || aid.reversalOf !== null ? null : onceKeyOf(item, aid, person.personId);
  const fault = item === undefined ? undefined : faultOf(item, aid);
  return { index, aid, person, onceKey, fault, digest: grantDigest({ ...aid, personId: person.personId }) };
}

/** What is wrong with a grant of this item, by itself. */
function faultOf({ once, mostFen }: AidItemRule, aid: ParsedAid): ItemFault | undefined {
  if (aid.reversalOf !== null) return undefined;
  const { reference, periodFrom, periodTo, amountFen } = aid;
  if ((once === 'REFERENCE' || once === 'PERSON_REFERENCE') && reference === null)
    return { code: AidCode.MISSING_FIELD, field: 'reference' };
  if (once === 'PERSON_TERM' && periodFrom === null) return { code: AidCode.MISSING_FIELD, field: 'periodFrom' };
  // A month has its own grant: two that overlap would not be found out otherwise.
  if (once === 'PERSON_TERM' && periodTo !== null && periodTo !== periodFrom)
    return { code: AidCode.BAD_PERIOD, field: 'periodTo' };
  if (mostFen !== null && amountFen !== null && amountFen > mostFen)
    return { code: AidCode.ABOVE_STANDARD, field: 'amountYuan' };
  return undefined;
}

/** What may be in force once, e.g. 'SKILL_APPRAISAL/<person>', 'DILAPIDATED_HOUSE/<house>'; the person is always last. */
function onceKeyOf(
  { once, onceAs }: AidItemRule,
  { reference, periodFrom }: ParsedAid,
  personId: string,
): string | null {
  // One house whose code was written in two ways is one house.
  const what = reference?.normalize('NFKC').replace(/\s+/gu, '').toUpperCase() ?? '';
  switch (once) {
    case 'NONE':
      return null;
    case 'PERSON':
      return `${onceAs}/${personId}`;
    case 'REFERENCE':
      return `${onceAs}/${what}`;
    case 'PERSON_REFERENCE':
      return `${onceAs}/${what}/${personId}`;
    case 'PERSON_TERM':
      return `${onceAs}/${periodFrom ?? ''}/${personId}`;
  }
}

async function refusedBy(
  pool: Pool,
  rules: readonly AidRule[],
  matched: readonly Matched[],
): Promise<ReadonlyMap<number, AidCode>> {
  const refused = new Map<number, AidCode>();
  for (const { item, code, refuses } of rules) {
    const asked = matched.filter(({ aid }) => aid.item === item && aid.reversalOf === null);
    if (asked.length === 0) continue;
    const { rows } = await pool.query<{ n: number }>(
      `select asked.n from unnest($1::int[], $2::uuid[], $3::date[], $4::text[]) as asked (n, person_id, decided_on, period_from)
       where ${refuses}`,
      [
        asked.map(({ index }) => index),
        asked.map(({ person }) => person.personId),
        asked.map(({ aid }) => aid.decidedOn),
        asked.map(({ aid }) => aid.periodFrom),
      ],
    );
    for (const { n } of rows) refused.set(n, code);
  }
  return refused;
}
