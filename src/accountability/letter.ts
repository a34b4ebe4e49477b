/**
 * The letter that tells a person who looked at their data: an HTML page to be printed, in Chinese, without script and
 * without anything from elsewhere. PIPL art. 44 and 45: the right to know, and to a copy.
 */
import type { Department, Purpose } from '../access/index.ts';

/** One access, as `accessesOf` tells it. */
export interface LetterAccess {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly department: string;
  readonly purpose: string | null;
  readonly caseNo: string | null;
  readonly kind: string;
  readonly decision: string;
  readonly kinds: readonly string[];
  readonly legalBasis: string | null;
}

/** What stands in a letter. */
export interface Letter {
  /** Identifier of the person in the hub: what the letter is filed under. */
  readonly personId: string;
  /** As the person is addressed; without it the letter says 您. */
  readonly name?: string | undefined;
  /** Days in China, both included. */
  readonly from: string;
  readonly to: string;
  /** Day of the letter. */
  readonly writtenOn: string;
  /** Case under which the letter was made. */
  readonly caseNo: string;
  /** Where to complain: office, address, telephone. */
  readonly complaints: string;
  /** Oldest first. */
  readonly accesses: readonly LetterAccess[];
}

const DEPARTMENT_NAMES: Readonly<Record<Department, string>> = {
  CIVIL_AFFAIRS: '民政部门',
  EDUCATION: '教育部门',
  HEALTH: '卫生健康部门',
  MEDICAL_SECURITY: '医疗保障部门',
  HOUSING: '住房和城乡建设部门',
  LABOUR: '人力资源和社会保障部门',
  AUDIT: '审计机关',
};

const PURPOSE_NAMES: Readonly<Record<Purpose, string>> = {
  AID_ELIGIBILITY: '审核救助资格',
  AID_REPORTING: '回传救助结果',
  DYNAMIC_MONITORING: '低收入人口动态监测',
  CASE_HANDLING: '办理救助个案',
  STATISTICS: '统计分析',
  AUDIT: '审计监督',
  GOVERNANCE: '数据共享管理（包括答复您本人的查询）',
  EMERGENCY: '应急处置',
  DATA_SUPPLY: '部门报送数据',
  DATA_QUALITY: '数据校核',
};

/** The page. Every value is escaped; it holds nothing that a browser would run or fetch. */
export function personLetter(letter: Letter): string {
  const { personId, name, from, to, writtenOn, caseNo, complaints, accesses } = letter;
  const greeting = name === undefined ? '您好：' : `${escaped(name)}，您好：`;
  const count = accesses.length;
  const found =
    count === 0
      ? `<p>在上述期间，没有部门通过本平台查阅或者变更您的个人信息。</p>`
      : `<p>在上述期间，您的个人信息共被查阅、使用 <strong>${String(count)}</strong> 次，逐次列明如下：</p>\n${table(accesses)}`;
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>个人信息查阅情况告知书</title>
<style>${STYLE}</style>
</head>
<body>
<h1>个人信息查阅情况告知书</h1>
<p>${greeting}</p>
<p>根据《中华人民共和国个人信息保护法》第四十四条、第四十五条，现将 ${chineseDay(from)} 至 ${chineseDay(to)} 期间，有关部门通过社会救助数据共享平台查阅、使用您个人信息的情况告知如下。</p>
${found}
<h2>关于以上记录</h2>
<p>每一次查阅都须说明目的和所办理的事项，并依照当时有效的数据共享协议进行；平台在提供信息之前先行记录，记录不能修改。所列“数据类别”指当次提供的信息类别，其中有的内容可能为空。</p>
<h2>您的权利</h2>
<p>您可以要求查阅、复制您的个人信息；认为信息不准确或者不完整的，可以要求更正、补充（《个人信息保护法》第四十五条、第四十六条）；对以上查阅有疑问的，可以要求有关部门说明（第四十八条）。</p>
<p>认为有关部门违法处理您的个人信息的，可以向下列机构投诉、举报（《个人信息保护法》第六十五条）：</p>
<p class="office">${escaped(complaints)}</p>
<footer>
<p>${chineseDay(writtenOn)}</p>
<p>编号：${escaped(personId)}；业务编号：${escaped(caseNo)}</p>
</footer>
</body>
</html>
`;
}

function table(accesses: readonly LetterAccess[]): string {
  const rows = accesses.map(({ at, department, purpose, caseNo, kind, decision, kinds, legalBasis }) => {
    const what = decision === 'REFUSED' ? '（已拒绝，未提供）' : kinds.length === 0 ? '—' : kinds.join('、');
    const cells = [
      instant(at),
      nameIn(DEPARTMENT_NAMES, department),
      `${nameIn(PURPOSE_NAMES, purpose ?? '')}${kind === 'WRITE' ? '（写入）' : ''}`,
      caseNo ?? '—',
      what,
      legalBasis ?? '—',
    ];
    return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
  });
  const head = ['时间', '部门', '目的', '业务编号', '数据类别', '法律依据']
    .map((title) => `<th>${title}</th>`)
    .join('');
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`;
}

const nameIn = (names: Readonly<Record<string, string>>, code: string): string =>
  Object.hasOwn(names, code) ? (names[code] ?? code) : code === '' ? '—' : code;

const FORMAT = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** `2026-11-22 10:00` in China. */
function instant(iso: string): string {
  const parts = Object.fromEntries(FORMAT.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  const { year = '', month = '', day = '', hour = '', minute = '' } = parts;
  return `${year}-${month}-${day} ${hour}:${minute}`;
}

function chineseDay(date: string): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${String(year)}年${String(month)}月${String(day)}日`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

const STYLE = `
@page { size: A4; margin: 22mm 20mm; @bottom-center { content: counter(page) " / " counter(pages); } }
body { font: 11pt/1.7 "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif; color: #000; max-width: 170mm; margin: 0 auto; }
h1 { font-size: 18pt; text-align: center; }
h2 { font-size: 12pt; break-after: avoid; }
p { margin: 0.5em 0; }
table { width: 100%; border-collapse: collapse; font-size: 9pt; line-height: 1.4; table-layout: fixed; }
th, td { border: 0.5pt solid #000; padding: 1.5mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.office { white-space: pre-line; padding-left: 2em; }
footer { margin-top: 2em; text-align: right; break-inside: avoid; }
`;
