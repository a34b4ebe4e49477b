/** An explanation as one sentence, in Chinese and in English. */
import type { FieldGroup } from '../../access/index.ts';
import type { Explanation, Missing } from './explanation.ts';
import { DEPARTMENT_WORDS, MASK_WORDS, PURPOSE_WORDS, ROLE_WORDS, SCOPE_WORDS } from './words.ts';

type Told = Omit<Explanation, 'sentence'> & { readonly names: readonly string[] };
type Groups = ReadonlyMap<string, FieldGroup>;

/** 中文。English. */
export function sentenceOf(told: Told, groups: Groups): string {
  const [zh, en] = told.decision === 'DENIED' ? refusal(told, groups) : permission(told);
  return `${zh}。${en}.`;
}

type Both = readonly [zh: string, en: string];

const who = ({ department, role, purpose }: Told): Both => {
  const zh = purpose === undefined ? '' : `为${PURPOSE_WORDS[purpose]}`;
  return [
    `${DEPARTMENT_WORDS[department]}${ROLE_WORDS[role]}${zh}`,
    `${department}/${role}${purpose === undefined ? '' : ` for ${purpose}`}`,
  ];
};

function permission(told: Told): Both {
  const { coordinate, decision, masks, scopes, isPublic, names } = told;
  const [zh, en] = who(told);
  if (isPublic)
    return [
      `${zh}可用 ${coordinate}：向所有已认证的调用方开放`,
      `${en} may use ${coordinate}: open to every authenticated caller`,
    ];
  const left = masks.map((mask): Both => MASK_WORDS[mask] ?? [mask, mask]);
  const isInPart = decision === 'MASKED';
  const except = names.length > 0 ? names.join(', ') : undefined;
  const how: Both = isInPart
    ? [
        left.length > 0
          ? `部分（${left.map(([word]) => word).join('；')}）`
          : except === undefined
            ? '部分（取整）'
            : `部分（${except} 除外）`,
        left.length > 0
          ? `in part (${left.map(([, word]) => word).join('; ')})`
          : except === undefined
            ? 'in part (rounded)'
            : `in part (not ${except})`,
      ]
    : ['全部', 'in full'];
  const of = scopes.map((scope): Both => SCOPE_WORDS[scope] ?? [scope, scope]);
  const whom: Both =
    of.length === 0
      ? ['', '']
      : [`，限${of.map(([word]) => word).join('且')}`, `, ${of.map(([, word]) => word).join(' and ')}`];
  return [
    `${zh}可用 ${coordinate}：${how[0]}${whom[0]}${basisOf(told)[0]}`,
    `${en} may use ${coordinate} ${how[1]}${whom[1]}${basisOf(told)[1]}`,
  ];
}

/** Agreement, article, owner and term. */
function basisOf({ agreement, articles, owner, purpose }: Told): Both {
  if (agreement === undefined) return ['', ''];
  const { number, title, legalBasis, validUntil, purposes } = agreement;
  const article = articles.length === 0 ? '' : articles.join('、');
  const needs = purpose === undefined ? purposes : [];
  return [
    `；依据协议 ${number}《${title}》（${legalBasis}）${article === '' ? '' : `和目录所列${article}`}，数源部门${DEPARTMENT_WORDS[owner]}，${validUntil === undefined ? '长期有效' : `有效至 ${validUntil}`}${needs.length === 0 ? '' : `，须注明目的（${needs.join('、')}）和案号`}`,
    `; under agreement ${number} “${title}” (${legalBasis})${article === '' ? '' : `, article ${article}`}, owner ${owner}, ${validUntil === undefined ? 'without end' : `until ${validUntil}`}${needs.length === 0 ? '' : `, with a purpose (${needs.join(', ')}) and a case`}`,
  ];
}

function refusal(told: Told, groups: Groups): Both {
  const { coordinate, missing = 'NO_AGREEMENT', owner, opensFor, articles, agreement, groups: groupNames } = told;
  const [zh, en] = who(told);
  const [becauseZh, becauseEn] = because(missing, told, groups);
  const article = articles.length === 0 ? '' : articles.join('、');
  const elsewhere: Both =
    opensFor.length === 0
      ? ['', '']
      : [
          `；以${opensFor.map((one) => PURPOSE_WORDS[one]).join('、')}（${opensFor.join('、')}）为目的可用`,
          `; it is open for ${opensFor.join(', ')}`,
        ];
  const basis: Both = [
    `${agreement === undefined ? '' : `（协议 ${agreement.number}，${agreement.legalBasis}）`}${article === '' ? '' : `，目录依据${article}`}`,
    `${agreement === undefined ? '' : ` (agreement ${agreement.number}, ${agreement.legalBasis})`}${article === '' ? '' : `, article ${article}`}`,
  ];
  const group: Both =
    groupNames.length === 0
      ? ['', '']
      : [`，信息项组 ${groupNames.join('、')}`, `, for the group ${groupNames.join(', ')}`];
  return [
    `${zh}不可用 ${coordinate}：${becauseZh}${basis[0]}${elsewhere[0]}；请向数源部门${DEPARTMENT_WORDS[owner]}（${owner}）申请（hub requests ask${group[0]}）`,
    `${en} may not use ${coordinate}: ${becauseEn}${basis[1]}${elsewhere[1]}; ask the owner ${owner} (hub requests ask${group[1]})`,
  ];
}

function because(missing: Missing, { agreement, names, purpose, department, role }: Told, groups: Groups): Both {
  const named = names.join(', ');
  const titles = names.map((name) => groups.get(name)?.title ?? name).join('、');
  const reason =
    agreement?.stateReason === undefined ? ['', ''] : [`：${agreement.stateReason}`, `: ${agreement.stateReason}`];
  switch (missing) {
    case 'NO_AGREEMENT':
      return purpose === undefined
        ? ['没有共享协议', `there is no agreement for ${department}/${role}`]
        : ['没有涵盖该目的的共享协议', `there is no agreement of ${department}/${role} for ${purpose}`];
    case 'NOT_YET_VALID':
      return [`协议自 ${agreement?.validFrom ?? ''} 起生效`, `the agreement begins on ${agreement?.validFrom ?? ''}`];
    case 'EXPIRED':
      return [`协议已于 ${agreement?.validUntil ?? ''} 到期`, `the agreement ended on ${agreement?.validUntil ?? ''}`];
    case 'SUSPENDED':
      return [`协议已中止${reason[0] ?? ''}`, `the agreement is suspended${reason[1] ?? ''}`];
    case 'REVOKED':
      return [`协议已撤销${reason[0] ?? ''}`, `the agreement is revoked${reason[1] ?? ''}`];
    case 'PURPOSE':
      return [`协议不含目的 ${named}`, `the agreement does not name the purpose ${named}`];
    case 'OPERATION':
      return [`协议不含操作 ${named}`, `the agreement does not open the operation ${named}`];
    case 'ROWS':
      return [`协议不开放 ${named} 的任何记录`, `the agreement opens no rows of ${named}`];
    case 'GROUP':
      return [`协议未列入“${titles}”（${named}）`, `the group ${named} is not in the agreement`];
    case 'NOT_SHARED':
      return [`“${titles}”（${named}）属于不予共享`, `the group ${named} is not shared (NOT_SHARED)`];
    case 'PARTIAL_FORM':
      return [
        `协议只部分开放“${titles}”（${named}），而此项没有部分形式`,
        `the group ${named} is shared in part only, and this has no partial form`,
      ];
    case 'CHOICE':
      return [
        `筛选、排序和统计只能用全部可见的项（${named}）`,
        `only what is seen in full on every row chooses, orders or counts (${named})`,
      ];
    case 'COUNTS':
      return ['该协议不告知小数目', 'small counts are not told under the agreement'];
  }
}
