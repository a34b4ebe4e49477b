/**
 * What agreements are worth, after Fellegi and Sunter (A Theory for Record Linkage, JASA 64, 1969): log2 of how often one
 * person's two records agree so, divided by how often two different people's do. Where each comes from:
 *
 * - number: 18 characters are one person's; what agrees in all of them by chance are mistakes (a relative's number, a copied
 *   line), one row in some ten million pairs. A number one slip away from a mistyped one: of those born on the same day in
 *   the same county, whose first 14 digits agree anyway, about one in a thousand. A different valid number: few people have two.
 * - name: 3 in 1,000 people share a common name of two characters, 1 in 2,000 pairs a name of three (公安部户政管理研究中心,
 *   《2020年全国姓名报告》: the most frequent names have some 290,000 bearers each).
 * - birth: one day in about 80 years of unequal size, 1 in 9,000 pairs.
 * - sex: one half. - home: one of about 20,000 people in a township, of 400,000 in a county, within a hub of ten million.
 *
 * The sum less the log2 of ten million (23.3) is the log2 of the odds that it is the person: 33.3 stands for odds of
 * 1,000 to 1. They are no dated configuration, since they describe mistakes and names and no rule of any region;
 * `hub matching measure` prints what comes of them.
 */
export const WEIGHTS = {
  number: { SAME: 24, SLIP: 10, OTHER: -8, UNREADABLE: -1, UNKNOWN: 0 },
  name: { SAME: 11, VARIANT: 8, CLOSE: 4, SURNAME: -3, OTHER: -7 },
  birth: { SAME: 13, CLOSE: 5, YEAR: -2, OTHER: -7, UNKNOWN: 0 },
  sex: { SAME: 1, OTHER: -5, UNKNOWN: 0 },
  home: { TOWNSHIP: 8.5, COUNTY: 4.5, PREFECTURE: 2, PROVINCE: 0, OTHER: -1.5, UNKNOWN: 0 },
} as const;

/** A name of two characters is shared by more people, one of four or more by fewer. */
export const NAME_LENGTH_WORTH = { short: -2.5, long: 2 } as const;

/** From here on it is the person: odds of a thousand to one. */
export const CERTAIN_FROM = 33;
/** And nobody else may come so near: a second one at a distance of odds below a thousand to one is not excluded. */
export const CERTAIN_LEAD = 12;
/** From here on somebody looks at it. */
export const REVIEW_FROM = 16;
/**
 * The same for a row with a valid number that nobody has: without more than name and birth date in common it is somebody
 * new. Two people of one name, sex and birth date in one township are found in a hub of ten million.
 */
export const REVIEW_FROM_WITH_NUMBER = 21;
/** Whoever comes this near is shown beside the one whose number was given: name and county, or name and birth date. */
export const SHOWN_BESIDE_HOLDER_FROM = 6;
/** Candidates that a reviewer is shown, best first. */
export const MOST_CANDIDATES = 8;
