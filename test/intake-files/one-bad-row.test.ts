/** Of every kind of records: whatever is wrong with one row of a file, every other row of it is read as it is without. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readTemplates, templateKindOf } from '../../src/intake/files/index.ts';
import type { Template } from '../../src/intake/files/index.ts';
import { rowReader } from '../../src/intake/read-row.ts';
import type { RecordKind } from '../../src/intake/index.ts';
import { recordKinds } from '../../src/server/department-modules.ts';
import { packageFile } from '../../src/server/package-file.ts';
import { rowsOf } from './sheets.ts';

const TODAY = '2026-11-22';
const templates = readTemplates(
  { own: packageFile('seeds/templates'), installed: undefined },
  recordKinds.map(templateKindOf),
);
const ROWS = 12;

/** The lines of a good file, each with its own key. */
function linesOf({ columns }: Template): string[][] {
  return Array.from({ length: ROWS }, (_, n) =>
    columns.map(({ field, example }) =>
      field === 'sourceKey' ? `key-${String(n)}` : field === 'name' ? '王小明' : example,
    ),
  );
}

/** The digest of what was read under each key; faulty rows have none. */
async function read(kind: RecordKind, template: Template, file: Buffer): Promise<Map<string, string>> {
  const reader = rowReader(kind, TODAY);
  const found = new Map<string, string>();
  for (const raw of await rowsOf(file, { template })) {
    const one = reader(raw);
    if (one.row !== undefined) found.set(one.sourceKey, one.digest);
  }
  return found;
}

const quoted = (cell: string): string => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const lineOf = (cells: readonly string[]): Buffer => Buffer.from(cells.map(quoted).join(','));
const fileOf = ({ columns }: Template, lines: readonly Buffer[]): Buffer =>
  Buffer.concat(
    [lineOf(columns.map(({ headers: [first] }) => first)), ...lines].flatMap((line) => [line, Buffer.from('\n')]),
  );

/** A fault: the line as it stands in the file instead. */
type Fault = (cells: readonly string[], at: number) => Buffer;
const instead =
  (text: string): Fault =>
  (cells, at) =>
    lineOf(cells.map((cell, n) => (n === at ? text : cell)));
const raw =
  (bytes: Buffer): Fault =>
  (cells, at) =>
    Buffer.concat(
      cells.flatMap((cell, n) => [
        ...(n === 0 ? [] : [Buffer.from(',')]),
        n === at ? bytes : Buffer.from(quoted(cell)),
      ]),
    );
const FAULTS: fc.Arbitrary<Fault> = fc.oneof(
  fc
    .constantFrom('', '?', '=1+1', '2026-02-30', '9e99', '\u0000', '\ud83d', '6.2E+17', '-1', 'x'.repeat(100_000))
    .map(instead),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => instead(text.replaceAll(/[\n\r]/g, ''))),
  fc
    .uint8Array({ minLength: 1, maxLength: 20 })
    .map((bytes) => raw(Buffer.from(bytes.filter((byte) => byte !== 10 && byte !== 13)))),
  fc.constantFrom('"', '"x', 'x"y', '""x', '"x"y').map((text) => raw(Buffer.from(text))),
  fc.constant<Fault>((cells, at) => lineOf(cells.slice(0, at))),
  fc.constant<Fault>((cells) => lineOf([...cells, 'too many'])),
);

test.each(recordKinds.map((kind) => [kind.name, kind] as const))('%s', async (_name, kind) => {
  const template = templates.get(kind.name);
  if (template === undefined) throw new Error('There is no template');
  const lines = linesOf(template);
  const whole = await read(kind, template, fileOf(template, lines.map(lineOf)));
  expect(whole.size).toBe(ROWS);
  await fc.assert(
    fc.asyncProperty(FAULTS, fc.nat(ROWS - 1), fc.nat(template.columns.length - 1), async (fault, bad, at) => {
      const spoilt = lines.map((cells, n) => (n === bad ? fault(cells, at) : lineOf(cells)));
      const found = await read(kind, template, fileOf(template, spoilt));
      for (const [key, digest] of whole)
        if (key !== `key-${String(bad)}`) expect([key, found.get(key)]).toEqual([key, digest]);
    }),
    { numRuns: 40 },
  );
});
