import type { PoolClient } from '../../src/platform/database.ts';
import { readTable } from './tables.ts';

/**
 * Brings the dated rules of civil affairs into `civil_affairs_rule`, where the department's module is installed; run again
 * with a newer file it updates what changed and removes nothing.
 */
export async function loadCivilAffairsRules(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('civil_affairs_rule') is not null as there`,
  );
  if (rows[0]?.there !== true) return;
  const rules = await readTable('civil-affairs-rules.csv');
  const column = (name: string): (string | null)[] =>
    rules.map((rule) => (rule[name] === '' ? null : (rule[name] ?? null)));
  await client.query(
    RULES,
    ['rule', 'region', 'valid_from', 'valid_to', 'value', 'source'].map((name) => column(name)),
  );
}

const RULES = `
  insert into civil_affairs_rule (rule, region_code, valid_from, valid_to, value, source)
  select * from unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::text[], $6::text[])
  on conflict (rule, region_code, valid_from) do update set valid_to = excluded.valid_to, value = excluded.value,
    source = excluded.source
  where (civil_affairs_rule.valid_to, civil_affairs_rule.value, civil_affairs_rule.source)
    is distinct from (excluded.valid_to, excluded.value, excluded.source)`;
