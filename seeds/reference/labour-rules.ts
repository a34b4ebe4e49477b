import type { PoolClient } from '../../src/platform/database.ts';
import { readTable } from './tables.ts';

/**
 * Brings the dated rules of labour into `labour_rule`, where the department's module is installed; run again with a newer
 * file it updates what changed and removes nothing.
 */
export async function loadLabourRules(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(`select to_regclass('labour_rule') is not null as there`);
  if (rows[0]?.there !== true) return;
  const rules = await readTable('labour-rules.csv');
  const column = (name: string): (string | null)[] =>
    rules.map((rule) => (rule[name] === '' ? null : (rule[name] ?? null)));
  await client.query(
    RULES,
    ['rule', 'region', 'valid_from', 'valid_to', 'value', 'source'].map((name) => column(name)),
  );
}

const RULES = `
  insert into labour_rule (rule, region_code, valid_from, valid_to, value, source)
  select * from unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::int[], $6::text[])
  on conflict (rule, region_code, valid_from) do update set valid_to = excluded.valid_to, value = excluded.value,
    source = excluded.source
  where (labour_rule.valid_to, labour_rule.value, labour_rule.source)
    is distinct from (excluded.valid_to, excluded.value, excluded.source)`;
