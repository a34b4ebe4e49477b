import { expect, test } from '@jest/globals';
import { personLetter } from './letter.ts';
import type { Letter, LetterAccess } from './letter.ts';

const access: LetterAccess = {
  at: '2026-03-14T16:30:00.000Z',
  department: 'HOUSING',
  purpose: 'AID_ELIGIBILITY',
  caseNo: 'HO-2026-000001',
  kind: 'READ',
  decision: 'ALLOWED',
  kinds: ['居住地址', '姓名'],
  legalBasis: '《社会救助法》第42条',
};
const letter: Letter = {
  personId: '0193-x',
  from: '2026-03-01',
  to: '2026-03-31',
  writtenOn: '2026-04-02',
  caseNo: 'CA-1',
  complaints: '某县民政局，电话 12345',
  accesses: [access],
};

test('the letter says who, when in China, why, on which basis, which kinds of data and where to complain', () => {
  const html = personLetter(letter);
  for (const said of [
    '2026-03-15 00:30',
    '住房和城乡建设部门',
    '审核救助资格',
    'HO-2026-000001',
    '居住地址、姓名',
    '《社会救助法》第42条',
    '2026年3月1日 至 2026年3月31日',
    '<strong>1</strong> 次',
    '某县民政局，电话 12345',
    '第六十五条',
  ])
    expect(html).toContain(said);
});

test('a period without accesses says so, and has no table', () => {
  const html = personLetter({ ...letter, accesses: [] });
  expect(html).toContain('没有部门通过本平台查阅或者变更您的个人信息');
  expect(html).not.toContain('<table');
});

test('nothing in it runs or is fetched, whatever the values are', () => {
  const nasty = `<img src=x onerror=alert(1)>"'&`;
  const html = personLetter({
    ...letter,
    personId: nasty,
    name: nasty,
    caseNo: nasty,
    complaints: nasty,
    accesses: [{ ...access, department: nasty, purpose: nasty, caseNo: nasty, kinds: [nasty], legalBasis: nasty }],
  });
  expect(html).not.toContain('<img');
  expect(html.match(/&lt;img src=x onerror=alert\(1\)&gt;&quot;&#39;&amp;/g)).toHaveLength(9);
  expect(html).not.toMatch(/<script|<link|<iframe|https?:|url\(/i);
  expect(html).toContain(`default-src 'none'`);
});

test('it is made for A4, and tables go on over pages with their head', () => {
  const html = personLetter(letter);
  expect(html).toContain('@page { size: A4;');
  expect(html).toContain('thead { display: table-header-group; }');
});

test('a code that is a name of every object is no department', () => {
  expect(personLetter({ ...letter, accesses: [{ ...access, department: 'constructor' }] })).toContain(
    '<td>constructor</td>',
  );
});

test('who is addressed by name is greeted by it', () => {
  expect(personLetter({ ...letter, name: '王小明' })).toContain('王小明，您好：');
  expect(personLetter(letter)).toContain('<p>您好：</p>');
});
