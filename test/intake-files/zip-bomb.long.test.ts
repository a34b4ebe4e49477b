/** A workbook that is small as it comes and huge unpacked: refused by what its directory says, before anything is unpacked. */
import { expect, test } from '@jest/globals';
import { unzipSync, zipSync } from 'fflate';
import writeExcelFile from 'write-excel-file/node';
import { rowsOf } from './sheets.ts';

/** A workbook whose sheet ends with so many blanks. */
async function bomb(blanks: number): Promise<Buffer> {
  const data = [
    ['学籍号', '姓名'],
    ['X-1', '王小明'],
  ];
  const parts = unzipSync(await writeExcelFile([{ sheet: '1', data }]).toBuffer());
  const name = Object.keys(parts).find((one) => one.startsWith('xl/worksheets/')) ?? '';
  parts[name] = Buffer.concat([Buffer.from(parts[name] ?? []), Buffer.alloc(blanks, ' ')]);
  return Buffer.from(zipSync(parts, { level: 1 }));
}

test('an archive that unpacks to a hundred times its size is refused with what to do', async () => {
  const bytes = await bomb(300_000_000);
  expect(bytes.length).toBeLessThan(3_000_000);
  // What is packed is spoiled: whoever began to unpack it would find that the file cannot be read.
  const middle = Math.floor(bytes.length / 2);
  bytes.fill(0xff, middle - 500, middle + 500);
  await expect(rowsOf(bytes)).rejects.toThrow('has at most');
});

test('blanks within the bound are none of anybody’s business', async () => {
  const spoiled = await bomb(1_000_000);
  spoiled.fill(0xff, Math.floor(spoiled.length / 2) - 500, Math.floor(spoiled.length / 2) + 500);
  await expect(rowsOf(spoiled)).rejects.toThrow('cannot be read');
  expect(await rowsOf(await bomb(1_000_000))).toEqual([{ rowNo: 2, cells: { sourceKey: 'X-1', name: '王小明' } }]);
});
