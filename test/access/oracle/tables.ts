/** The rows and the agreements that the oracle judges by: plain data, read once. */
import { readFileSync, readdirSync } from 'node:fs';
import type { Pool } from 'pg';
import { ABSENT_TABLES, NOUNS } from './nouns.ts';
import type { Row, Tables } from './nouns.ts';
import type { Agreement } from './scopes.ts';

/** `select *` of every table that the oracle knows, in the order of the ids. */
export async function readTables(pool: Pool): Promise<Tables> {
  const names = new Set([
    ...Object.values(NOUNS).map(({ table }) => table),
    'caseload',
    'person_identifier',
    'labour_rule',
    'civil_affairs_rule',
    'aid_item',
  ]);
  const tables: Record<string, readonly Row[]> = {};
  for (const name of names) {
    if (name === '' || ABSENT_TABLES.has(name)) continue;
    const { rows } = await pool.query<Row>(`select * from ${name} order by 1`);
    tables[name] = rows;
  }
  return tables;
}

type Shipped = Omit<Agreement, 'number' | 'department'> & { readonly department: string | readonly string[] };

/** The agreements as the files of a policy folder say; one file may speak for several departments. */
export function readAgreements(folder: string): Agreement[] {
  return readdirSync(`${folder}/agreements`).flatMap((file) => {
    const { department, ...terms } = JSON.parse(readFileSync(`${folder}/agreements/${file}`, 'utf8')) as Shipped;
    const stem = file.replace(/\.json$/u, '');
    if (typeof department === 'string') return [{ ...terms, number: stem, department }];
    return department.map((one) => ({
      ...terms,
      number: `${stem}-${one.toLowerCase().replaceAll('_', '-')}`,
      department: one,
    }));
  });
}
