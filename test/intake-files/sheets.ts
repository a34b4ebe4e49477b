/** A template and files to be read by it. */
import { spool } from '../../src/intake/files/arrived-file.ts';
import type { ArrivedFile } from '../../src/intake/files/arrived-file.ts';
import { readSheet } from '../../src/intake/files/read-sheet.ts';
import type { Template } from '../../src/intake/files/template.ts';
import type { RawRow } from '../../src/intake/record-kind.ts';
import { testFolder } from '../harness/folder.ts';

const column = (field: string, headers: [string, ...string[]], required = false, prose = false) => ({
  field,
  headers,
  required,
  prose,
  month: field === 'month',
  title: field,
  example: '',
  note: '',
});

export const PUPILS: Template = {
  record: 'PUPIL',
  title: '学籍 · Pupils',
  columns: [
    column('sourceKey', ['学籍号'], true),
    column('idNumber', ['身份证号', '公民身份号码']),
    column('name', ['姓名', '学生姓名'], true),
    column('enrolledOn', ['入学日期']),
    column('note', ['说明'], false, true),
  ],
};

export async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

export const spooled = (bytes: Buffer | string, size = 64 * 1024): Promise<ArrivedFile> =>
  spool(inChunks(Buffer.from(bytes as string), size), { folder: testFolder('spool'), most: 1024 ** 3 });

export async function rowsOf(bytes: Buffer | string, { size = 64 * 1024, template = PUPILS } = {}): Promise<RawRow[]> {
  const file = await spooled(bytes, size);
  try {
    const rows: RawRow[] = [];
    for await (const some of readSheet(file, template)) rows.push(...some);
    return rows;
  } finally {
    await file.close();
  }
}
