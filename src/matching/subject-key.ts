/**
 * The key under which a manual decision is kept: what the source says of its subject, and not in which record, so that it
 * stands for later deliveries and other records of the same source. Where there is no valid number, the home is part of it:
 * two people of one name and birth date in two places are two subjects.
 */
export const subjectKey = (row: string): string =>
  `sha256(convert_to(concat_ws(chr(31), coalesce(${row}.id_type, ''), coalesce(${row}.id_key, ${row}.id_value, ''),
     ${row}.name_key, coalesce(${row}.birth_date::text, ''),
     case when ${row}.id_key is null then coalesce(${row}.region_code, '') else '' end), 'UTF8'))`;
