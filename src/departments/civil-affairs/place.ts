/**
 * Where something happened, as columns of a record: the division that the row names in a field of its own; where it names
 * none, or one that nobody knows, the row's home, and at last the person's. A code that was given up still has its row in
 * `region` and its ancestors with it.
 */

/**
 * Title of a place that is the record's own: where it happened, which may be far from the person's home. An outsider who is
 * hit here is helped here (社会救助法 art. 37), and the place that helps sees its own case.
 */
export const HAPPENED = '发生地区划（最细） · Where it happened, finest division';

/** Columns of a place, finest first. */
export const PLACE_COLUMNS = [
  'region_code',
  'township_code',
  'county_code',
  'prefecture_code',
  'province_code',
] as const;
type PlaceColumn = (typeof PLACE_COLUMNS)[number];

/** SQL over `i` (intake_row): the column of the place that the field names; without a field that of the home. */
export function placeColumn(column: PlaceColumn, field?: string): string {
  const person = (of: PlaceColumn): string => `(select p.${of} from person p where p.id = i.person_id)`;
  const home =
    column === 'township_code'
      ? `case when i.province_code is null then ${person(column)} else i.township_code end`
      : `coalesce(i.${column}, ${person(column)})`;
  if (field === undefined) return home;
  // Villages are not loaded: a place is known by its township, or by its county.
  const known = `from region g where g.county_code is not null
    and g.code in (rpad(left(i.content->>'${field}', 9), 12, '0'), rpad(left(i.content->>'${field}', 6), 12, '0'))
    order by g.code desc limit 1`;
  const found = {
    region_code: `(select i.content->>'${field}' ${known})`,
    township_code: `(select coalesce(g.township_code, '') ${known})`,
    county_code: `(select g.county_code ${known})`,
    prefecture_code: `(select coalesce(g.prefecture_code, g.county_code) ${known})`,
    province_code: `(select g.province_code ${known})`,
  }[column];
  return column === 'township_code' ? `nullif(coalesce(${found}, ${home}), '')` : `coalesce(${found}, ${home})`;
}

/** All place columns by name, for a table writer. */
export const placeColumns = (field?: string): Readonly<Record<string, string>> =>
  Object.fromEntries(PLACE_COLUMNS.map((column) => [column, placeColumn(column, field)]));
