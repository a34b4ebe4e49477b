import type { PoolClient } from '../../src/platform/database.ts';
import { parseYuan } from '../../src/platform/money.ts';
import { readTable } from './tables.ts';

/**
 * Brings the items of aid with their dated rules into `aid_item`; run again with a newer file it updates what changed and
 * removes nothing, since grants name items by their code.
 * @throws Error that names the row whose most_yuan is no amount
 */
export async function loadAidItems(client: PoolClient): Promise<void> {
  const items = await readTable('aid-items.csv');
  const column = (name: string): (string | null)[] =>
    items.map((item) => (item[name] === '' ? null : (item[name] ?? null)));
  const most = items.map(({ code = '', most_yuan: yuan = '' }) => {
    const fen = yuan === '' ? null : parseYuan(yuan);
    if (fen === undefined) throw new Error(`aid-items.csv, ${code}: most_yuan is an amount in yuan`);
    return fen?.toString() ?? null;
  });
  await client.query(ITEMS, [
    ...['code', 'programme', 'name', 'other_names', 'form', 'stages', 'once', 'once_as', 'reference'].map(column),
    most,
    ...['region', 'valid_from', 'valid_to', 'source'].map(column),
  ]);
}

const COLUMNS = `programme, name, other_names, form, stages, once, once_as, reference, most_fen, valid_to, source`;
const prefixed = (row: string): string => COLUMNS.replaceAll(/\w+/gu, `${row}.$&`);

const ITEMS = `
  insert into aid_item (code, programme, name, other_names, form, stages, once, once_as, reference, most_fen, region_code,
    valid_from, valid_to, source)
  select code, programme, name, coalesce(string_to_array(other_names, '|'), '{}'), form, string_to_array(stages, '|'), once,
    coalesce(once_as, code), reference, most_fen, region, valid_from, valid_to, source
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::bigint[], $11::text[], $12::date[], $13::date[], $14::text[])
    as given (code, programme, name, other_names, form, stages, once, once_as, reference, most_fen, region, valid_from,
      valid_to, source)
  on conflict (code, region_code, valid_from) do update set (${COLUMNS}) = (${prefixed('excluded')})
  where (${prefixed('aid_item')}) is distinct from (${prefixed('excluded')})`;
