/** Agreements that are about to end, and who relied on them lately. */
import { isInForce } from '../../access/index.ts';
import type { Agreement, SharingPolicy } from '../../access/index.ts';
import { addDays, daysBetween } from '../../platform/dates.ts';
import { reliedOn } from './relied.ts';
import type { Answered, Relied } from './relied.ts';

/** An agreement that ends soon. */
export interface Expiring {
  readonly agreement: Agreement;
  readonly daysLeft: number;
  readonly relied: readonly Relied[];
}

/** Agreements in force whose last day is within so many days, the nearest first. */
export function expiring(
  policy: SharingPolicy,
  today: string,
  within: number,
  answered: readonly Answered[],
): readonly Expiring[] {
  const last = addDays(today, within);
  return policy.agreements
    .filter((agreement) => isInForce(agreement, today))
    .flatMap((agreement): readonly Expiring[] => {
      const { validUntil } = agreement;
      if (validUntil === undefined || validUntil > last) return [];
      return [{ agreement, daysLeft: daysBetween(today, validUntil), relied: reliedOn(agreement, answered) }];
    })
    .sort((a, b) => a.daysLeft - b.daysLeft);
}
