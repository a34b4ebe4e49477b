import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import writeExcelFile from 'write-excel-file/node';
import { emptyCsv, emptyXlsx, readTemplates, templateKindOf } from '../../src/intake/files/index.ts';
import { recordKinds } from '../../src/server/department-modules.ts';
import { packageFile } from '../../src/server/package-file.ts';
import { templatesOf } from '../../src/server/ways-in.ts';
import { testFolder } from '../harness/folder.ts';
import { rowsOf } from './sheets.ts';

const own = packageFile('seeds/templates');
const kinds = recordKinds.map(templateKindOf);
const templates = readTemplates({ own, installed: undefined }, kinds);

/** A folder with one template, made from the hub's own of DEATH by a change. */
function installed(
  change: (template: { record: string; columns: { field: string; headers: string[] }[] }) => void,
): string {
  const { record, title, columns } = templates.get('DEATH')!;
  const template = { record, title, columns: columns.map(({ field, headers }) => ({ field, headers: [...headers] })) };
  change(template);
  const dir = join(testFolder('templates'), 'own');
  mkdirSync(dir);
  writeFileSync(join(dir, 'death.json'), JSON.stringify(template));
  return dir;
}

test('every kind of records has its template', () => {
  expect([...templates.keys()].sort()).toEqual(recordKinds.map(({ name }) => name).sort());
});

test.each(recordKinds.map(({ name }) => name))(
  'the empty files of %s are read by their own template',
  async (record) => {
    const template = templates.get(record)!;
    const example = Object.fromEntries(
      template.columns.map(({ headers: [first], example }, at) => [first, example === '' ? `v${String(at)}` : example]),
    );
    const empty = await emptyCsv(template);
    const filled = `${empty.toString()}${Object.values(example).join(',')}\n`;
    expect(await rowsOf(empty, { template })).toEqual([]);
    expect(await rowsOf(await emptyXlsx(template), { template })).toEqual([]);
    const expected = template.columns.map(({ field, headers: [first] }) => [field, example[first]]);
    const [fromCsv] = await rowsOf(filled, { template });
    expect(fromCsv).toEqual({ rowNo: 2, cells: Object.fromEntries(expected) });
    const data = [Object.keys(example), Object.values(example)];
    const [fromXlsx] = await rowsOf(await writeExcelFile([{ sheet: '1', data }]).toBuffer(), { template });
    expect(fromXlsx).toEqual(fromCsv);
  },
);

test.each(recordKinds.map(({ name }) => name))('the examples of %s are read by its fields', (record) => {
  const kind = recordKinds.find(({ name }) => name === record)!;
  for (const { field, example } of templates.get(record)!.columns) {
    const own = kind.fields.find(({ name }) => name === field);
    if (own !== undefined && example !== '') expect([field, example, own.read(example)]).not.toContain(undefined);
  }
});

test('a template of the installation takes the place of the hub’s own', () => {
  const dir = installed(({ columns }) => columns[0]!.headers.unshift('甘肃登记号'));
  const death = readTemplates({ own, installed: dir }, kinds).get('DEATH');
  expect(death?.columns[0]?.headers[0]).toBe('甘肃登记号');
});

test.each<[string, Parameters<typeof installed>[0], string]>([
  ['an unknown field', ({ columns }) => columns.push({ field: 'shoeSize', headers: ['鞋码'] }), 'no field shoeSize'],
  ['a header of two fields', ({ columns }) => columns[1]!.headers.push('登记编号'), 'the header 登记编号 means'],
  [
    'a field with two columns',
    ({ columns }) => columns.push({ field: 'name', headers: ['名'] }),
    'name has two columns',
  ],
  ['no column for what is required', ({ columns }) => columns.splice(0, 1), 'the required field sourceKey'],
  ['an unknown kind', (template) => (template.record = 'SHOES'), 'no records of the kind SHOES'],
])('a template with %s is refused, and its file is named', (_what, change, said) => {
  const dir = installed(change);
  const read = () => readTemplates({ own, installed: dir }, kinds);
  expect(read).toThrow(said);
  expect(read).toThrow(join(dir, 'death.json'));
});

test('a template of a kind whose module is not installed is left alone', () => {
  const fewer = kinds.filter(({ record }) => record !== 'DEATH');
  expect(readTemplates({ own, installed: undefined }, fewer).has('DEATH')).toBe(false);
});

test('a kind of records without a template stops the start, which names the kind and the file expected', () => {
  const [death] = recordKinds.filter(({ name }) => name === 'DEATH');
  const orphan = { ...death!, name: 'MARRIAGE_BOND' };
  const read = () => templatesOf({ templatesDir: undefined }, [...recordKinds, orphan]);
  expect(read).toThrow(join(own, 'marriage-bond.json'));
  expect(read).toThrow('the records MARRIAGE_BOND have no template');
});

test('a template that only the installation has is enough', () => {
  const some = testFolder('templates');
  for (const file of readdirSync(own)) if (file !== 'death.json') copyFileSync(join(own, file), join(some, file));
  expect(() => readTemplates({ own: some, installed: undefined }, kinds)).toThrow('the records DEATH have no template');
  const dir = installed(() => undefined);
  expect(readTemplates({ own: some, installed: dir }, kinds).has('DEATH')).toBe(true);
});
