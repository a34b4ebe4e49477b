/** The templates of the records that are installed: their own example is imported, and every word that they offer is read. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { recordKinds } from '../../src/server/department-modules.ts';
import { openDelivering } from './delivering.ts';
import type { Delivering } from './delivering.ts';

let world: Delivering;
beforeAll(async () => {
  world = await openDelivering();
});
afterAll(() => world.close());

let known = 0;
async function somebodyNew(): Promise<Record<string, string>> {
  const birthDate = '1970-05-06';
  known += 1;
  const { who } = await world.somebody('张某', birthDate, known);
  return { ...(who as Record<string, string>), birthDate, sex: '' };
}

interface Column {
  readonly field: string;
  readonly example?: string;
  readonly note?: string;
}
const columnsOf = (record: string): readonly Column[] => {
  const file = `../../seeds/templates/${record.toLowerCase().replaceAll('_', '-')}.json`;
  return (JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as { columns: readonly Column[] }).columns;
};

test.each(recordKinds.map(({ name, department }) => [name, department] as const))(
  'the example of %s is imported without a finding',
  async (record, department) => {
    const item: Record<string, string> = {};
    for (const { field, example = '' } of columnsOf(record)) if (example !== '') item[field] = example;
    // The number of a person stands in no template. Each kind has its own person: some rules are about what else somebody has.
    if (item['idType'] === '居民身份证') Object.assign(item, await somebodyNew());
    const { counts, findings } = await world.deliverFile(department, record, [item]);
    // A made-up code of an organisation fails its check, which costs nothing.
    expect(findings.filter(([, , code]) => code !== 'BAD_USCC')).toEqual([]);
    expect(counts).toMatchObject({ rows: 1, recorded: 1, faulty: 0, rejected: 0, held: 0 });
  },
);

/** Words that a note or an example offers for a field of closed values: between 、 or 或, without what is said around them. */
const offered = (note: string): readonly string[] =>
  note
    .replaceAll(/（[^）]*）/gu, '')
    .split('；')
    .filter((part) => /[、或]/u.test(part))
    .flatMap((part) => part.replace(/^.*[：填]/u, '').split(/[、，,]|或/u))
    .map((word) => word.trim())
    .filter((word) => word !== '');

test.each(
  recordKinds.flatMap(({ name, fields }) =>
    fields
      .filter(({ fault }) => fault === 'BAD_CODE')
      .map(
        (field) => [name, field.name, field, columnsOf(name).find((column) => column.field === field.name)] as const,
      ),
  ),
)('%s reads every word that its template offers for %s', (_record, _name, field, column) => {
  const words = [column?.example ?? '', ...offered(column?.note ?? '')].filter((word) => word !== '');
  expect(words.filter((word) => field.read(word) === undefined)).toEqual([]);
});
