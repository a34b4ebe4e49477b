/** A template of the tests' own kind, in a folder of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTemplates, templateKindOf } from '../../src/intake/files/index.ts';
import type { Templates } from '../../src/intake/files/index.ts';
import { testFolder } from '../harness/folder.ts';
import { LOAN } from '../intake/kinds.ts';

const HEADERS = {
  sourceKey: '业务编号',
  idNumber: '身份证号',
  name: '姓名',
  region: '区划',
  title: '题名',
  lentOn: '借出日期',
};

/** The templates of a hub that takes loans and nothing else. */
export function loanTemplates(): Templates {
  const own = testFolder('templates');
  const columns = Object.entries(HEADERS).map(([field, header]) => ({ field, headers: [header] }));
  writeFileSync(join(own, 'loan.json'), JSON.stringify({ record: 'LOAN', title: '借阅', columns }));
  return readTemplates({ own, installed: undefined }, [templateKindOf(LOAN)]);
}
