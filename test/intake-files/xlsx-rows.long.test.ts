/** How many rows an XLSX may have: 50,000 below its header, whatever stands above that. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openSheetFile } from '../../seeds/month/sheet-file.ts';
import { MOST_XLSX_ROWS } from '../../src/intake/files/index.ts';
import { testFolder } from '../harness/folder.ts';
import { rowsOf } from './sheets.ts';

test('50,000 rows below a title and a header are read, and one more is refused', async () => {
  expect(MOST_XLSX_ROWS).toBe(50_000);
  const read = async (rows: number): Promise<number> => {
    const path = join(testFolder('xlsx'), 'many.xlsx');
    const sheet = openSheetFile(path, 'XLSX');
    await sheet.row(['2026年秋季学期学籍表']);
    await sheet.row(['学籍号', '身份证号', '姓名', '入学日期']);
    for (let n = 0; n < rows; n += 1) await sheet.row([`X-${String(n)}`, '', '王小明', '2026-09-01']);
    await sheet.close();
    return (await rowsOf(readFileSync(path))).length;
  };
  expect(await read(50_000)).toBe(50_000);
  await expect(read(50_001)).rejects.toThrow('超过 50000 行，请另存为 CSV');
}, 120_000);
