import { residentIdCheckDigit } from '../../src/registry/identity/index.ts';

/**
 * County codes that GB/T 2260 has never assigned (Lanzhou and Nanchang, 99th county): a number made with one of them is
 * valid by its check digit and belongs to nobody.
 */
export const UNASSIGNED_COUNTIES = ['620199', '360199'] as const;

/**
 * A checksum-valid resident ID number of nobody.
 * @param county6 one of {@link UNASSIGNED_COUNTIES}
 * @param birthDate 'YYYY-MM-DD'
 * @param sequence 0–999; odd for men, even for women
 */
export function makeResidentId(county6: string, birthDate: string, sequence: number): string {
  const first17 = county6 + birthDate.replaceAll('-', '') + String(sequence).padStart(3, '0');
  return first17 + residentIdCheckDigit(first17);
}

/** The same person's number as it was issued before 1999: two-digit year, no check digit. Only for births in 1900–1999. */
export function toFifteenDigits(residentId: string): string {
  return residentId.slice(0, 6) + residentId.slice(8, 17);
}
