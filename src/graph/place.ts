/** Place columns: each row carries the codes of its divisions, one column per level, resolved when it was written. */

const PROPERTY: Readonly<Record<string, string>> = {
  province: 'provinceCode',
  prefecture: 'prefectureCode',
  county: 'countyCode',
  township: 'townshipCode',
  village: 'regionCode',
};

/**
 * The property that holds codes of a level.
 * @throws Error for a level that does not exist
 */
export function placeProperty(level: string | undefined): string {
  const property = PROPERTY[level ?? ''];
  if (property === undefined) throw new Error('A region without a level');
  return property;
}

/** From the coarsest to the finest. */
const FINER: readonly string[] = Object.values(PROPERTY);

/** Whether the property holds a finer division than the other; false for what is no place. */
export const isFiner = (property: string, than: string): boolean => FINER.indexOf(property) > FINER.indexOf(than);

/** The properties of the divisions above one, from the coarsest on. */
export const above = (property: string): readonly string[] => FINER.slice(0, Math.max(FINER.indexOf(property), 0));

/** The field whose rule bounds a choice by place: whoever sees the county may choose by county, prefecture, province. */
export const placeField = (property: string): string =>
  property === 'provinceCode' || property === 'prefectureCode' ? 'countyCode' : property;
