/** Which tables name a person, and that a merge moves each of them and its undoing puts it back: asked of the database itself. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mergeInto, undoAct } from '../../src/matching/move-persons.ts';
import type { PoolClient } from '../../src/platform/database.ts';
import { testDatabase } from '../harness/database.ts';
import type { TestDatabase } from '../harness/database.ts';
import { rowsIn } from '../registry/rows.ts';
import { AT } from './rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** Columns with ids of persons that no merge moves, and why that is right. */
const STAYS: Readonly<Record<string, string>> = {
  'access_record.persons':
    'the ledger says under which id it was told; who asks for one id is told of all (person_ids)',
  'correction.corrected_record_id': 'of a value of the person itself: the id under which it was answered',
  'record_history.person_id': 'an old version as it stood',
  'recall_order.person_id': 'an order of its time, carried out under every id of the person (person_ids)',
  'recall.person_id': 'what was recalled under an order; person(id) answers to every id of the person',
  'delivery_row.new_person_id': 'the id for somebody who may be made of the row; once made, the row is done',
  'person_act.kept_id': 'the account of the acts themselves',
  'person_act.other_id': 'the account of the acts themselves',
  'person_move.from_id': 'the account of the acts themselves',
  'person_move.to_id': 'the account of the acts themselves',
  'person_alias.alias_id': 'the alias itself',
};

/** Columns with ids of something else, for which the database has no foreign key. */
const OTHERS = [
  'access_record.households',
  'correction.record_id',
  'delivery.lease_by',
  'ledger_sealed_write.entry_id',
  'policy_change.request_id',
  'recall.household_id',
  'recall.order_id',
  'recall_order.household_id',
  'record_history.row_id',
];

/** A column of ids: in which table, and where its foreign key leads. */
interface IdColumn {
  readonly table: string;
  readonly column: string;
  readonly refers: readonly string[];
}

async function idColumns(): Promise<readonly IdColumn[]> {
  const { rows } = await database.owner.query<IdColumn>(`
    select t.relname as table, c.attname as column,
      coalesce((select array_agg(f.confrelid::regclass::text) from pg_constraint f
        where f.contype = 'f' and f.conrelid = t.oid and f.conkey = array[c.attnum]), '{}') as refers
    from pg_attribute c join pg_class t on t.oid = c.attrelid
    where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and not t.relispartition
      and c.attnum > 0 and not c.attisdropped and c.atttypid in ('uuid'::regtype, 'uuid[]'::regtype)
    order by 1, 2`);
  return rows;
}

const nameOf = ({ table, column }: IdColumn): string => `${table}.${column}`;

test('every column that names a person has a foreign key, which a merge follows, or stays for a reason', async () => {
  const loose = (await idColumns()).filter(
    ({ column, refers }) => column !== 'id' && column !== 'delivery_id' && refers.length === 0,
  );
  expect(loose.map(nameOf).sort()).toEqual([...Object.keys(STAYS), ...OTHERS].sort());
});

/** Something of the type, where nothing more is asked of it. */
const SOMETHING: readonly (readonly [RegExp, string])[] = [
  [/\[\]$|^tsvector/, `'{}'`],
  [/^uuid/, 'gen_random_uuid()'],
  [/^date/, 'current_date'],
  [/^timestamp/, 'now()'],
  [/^(int|bigint|small|numeric)/, '1'],
  [/^boolean/, 'false'],
  [/^jsonb/, `'{}'`],
  [/^bytea/, `'\\x00'`],
  [/char|text/, `'1'`],
];

/** A row of the table that names the person there. Nothing else that the table asks for is of this test: its rules are dropped. */
async function rowNaming(tx: PoolClient, { table, column }: IdColumn, person: string): Promise<void> {
  const { rows: rules } = await tx.query<{ name: string }>(
    `select conname as name from pg_constraint where conrelid = $1::regclass and contype in ('c', 'x', 'f')
       and confrelid <> 'person'::regclass`,
    [table],
  );
  for (const { name } of rules) await tx.query(`alter table ${table} drop constraint ${name}`);
  const { rows: columns } = await tx.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attnotnull and not atthasdef and attidentity = ''
       and attname <> $2`,
    [table, column],
  );
  const { rows: others } = await tx.query<{ name: string }>(
    `select a.attname as name from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.conrelid = $1::regclass and c.confrelid = 'person'::regclass`,
    [table],
  );
  const persons = new Set(others.map(({ name }) => name));
  const values = columns.map(({ name, type }) =>
    persons.has(name) ? '$1' : (SOMETHING.find(([is]) => is.test(type))?.[1] ?? `'1'`),
  );
  await tx.query(
    `insert into ${table} (${[column, ...columns.map(({ name }) => name)].join(', ')}) values (${['$1', ...values].join(', ')})`,
    [person],
  );
}

test('of every table with such a foreign key, a merge moves the row to who stands, and its undoing puts it back', async () => {
  const references = (await idColumns()).filter(({ refers }) => refers.includes('person'));
  expect(references.map(nameOf)).toEqual(expect.arrayContaining(['correction.person_id', 'household.head_person_id']));
  const rows = rowsIn(database.owner);
  const [kept, absorbed] = [await rows.person(), await rows.person()];
  const acting = { by: 'test', regions: ['620000000000'], at: AT, reason: '同一人重复建档' };
  for (const one of references.filter(({ table }) => table !== 'person_alias')) {
    const tx = await database.owner.connect();
    try {
      await tx.query('begin');
      await rowNaming(tx, one, absorbed);
      const told = async (): Promise<string | undefined> =>
        (
          await tx.query<{ id: string }>(`select ${one.column} as id from ${one.table} where ${one.column} = any($1)`, [
            [kept, absorbed],
          ])
        ).rows[0]?.id;
      const act = await mergeInto(tx, kept, absorbed, acting);
      expect([nameOf(one), await told()]).toEqual([nameOf(one), kept]);
      await undoAct(tx, 'MERGE', act.id, acting);
      expect([nameOf(one), await told()]).toEqual([nameOf(one), absorbed]);
    } finally {
      await tx.query('rollback');
      tx.release();
    }
  }
});
