/** How lists of civil affairs name what a certificate is, and how a person is related to the head of the household. */
import { closedList } from '../../../graph/index.ts';
import type { RecordField } from '../../../intake/index.ts';

/** What a list says in one word (类别): programme, urban or rural, and how a Tekun person is supported. */
export const EnrolmentScheme = closedList('EnrolmentScheme', '名册类别 · What a certificate is', {
  URBAN_DIBAO: '城市低保 · Dibao, urban',
  RURAL_DIBAO: '农村低保 · Dibao, rural',
  DIBAO: '最低生活保障 · Dibao',
  TEKUN: '特困人员 · Tekun',
  URBAN_TEKUN: '城市特困 · Tekun, urban',
  RURAL_TEKUN: '农村特困 · Tekun, rural',
  TEKUN_CENTRALISED: '特困集中供养 · Tekun in an institution',
  TEKUN_SCATTERED: '特困分散供养 · Tekun at home',
  DIBAO_EDGE: '低保边缘 · Near-subsistence family',
  RIGID_EXPENDITURE: '刚性支出困难 · Burdened by essential expenses',
  RELAPSE_MONITORED: '防止返贫监测 · Monitored against relapse into poverty',
  TEMPORARY_AID: '临时救助 · Temporary aid',
  OTHER: '其他 · Other: no programme that departments rely on',
});
type Scheme = keyof typeof EnrolmentScheme;

/**
 * Other words, and the business codes of the ministry's client (金民): 110 urban and 120 rural Dibao, 131 and 132 Tekun, 500
 * temporary aid, 600 edge, 650 expenditure, 660 other. Which of 131 and 132 is urban is not documented, so neither says.
 */
export const SCHEME_WORDS: Readonly<Record<string, Scheme>> = {
  '110': 'URBAN_DIBAO',
  '120': 'RURAL_DIBAO',
  '131': 'TEKUN',
  '132': 'TEKUN',
  '500': 'TEMPORARY_AID',
  '600': 'DIBAO_EDGE',
  '650': 'RIGID_EXPENDITURE',
  '660': 'OTHER',
  低保: 'DIBAO',
  城镇低保: 'URBAN_DIBAO',
  城市最低生活保障: 'URBAN_DIBAO',
  农村最低生活保障: 'RURAL_DIBAO',
  特困: 'TEKUN',
  特困供养: 'TEKUN',
  特困人员救助供养: 'TEKUN',
  特困集中: 'TEKUN_CENTRALISED',
  '特困(集中)': 'TEKUN_CENTRALISED',
  集中供养特困人员: 'TEKUN_CENTRALISED',
  特困分散: 'TEKUN_SCATTERED',
  '特困(分散)': 'TEKUN_SCATTERED',
  分散供养特困人员: 'TEKUN_SCATTERED',
  低保边缘家庭: 'DIBAO_EDGE',
  低边: 'DIBAO_EDGE',
  刚性支出: 'RIGID_EXPENDITURE',
  刚性支出困难家庭: 'RIGID_EXPENDITURE',
  支出型困难家庭: 'RIGID_EXPENDITURE',
  防返贫监测对象: 'RELAPSE_MONITORED',
  防止返贫监测对象: 'RELAPSE_MONITORED',
};

/** SQL: a scheme's programme, or what it says beside it; null where it says nothing. */
export const PROGRAMME_OF = (scheme: string): string => `case
  when ${scheme} like '%DIBAO' then 'DIBAO' when ${scheme} like '%TEKUN%' then 'TEKUN' else ${scheme} end`;
/** SQL: what it says of town and country. */
export const URBAN_RURAL_OF = (scheme: string): string => `case
  when ${scheme} like 'URBAN%' then 'URBAN' when ${scheme} like 'RURAL%' then 'RURAL' end`;
/** SQL: what it says of support. */
export const SUPPORT_MODE_OF = (scheme: string): string => `case
  when ${scheme} like '%CENTRALISED' then 'CENTRALISED' when ${scheme} like '%SCATTERED' then 'SCATTERED' end`;

/** GB/T 4761-2008, the words that lists use. What is in none of them is a fault: nobody is guessed to be somebody's son. */
const RELATIONS: Readonly<Record<string, string>> = {
  本人: '01',
  户主: '02',
  配偶: '10',
  夫: '11',
  丈夫: '11',
  妻: '12',
  妻子: '12',
  子: '20',
  儿子: '20',
  独生子: '21',
  长子: '22',
  次子: '23',
  三子: '24',
  养子: '27',
  继子: '27',
  女婿: '28',
  女: '30',
  女儿: '30',
  独生女: '31',
  长女: '32',
  次女: '33',
  三女: '34',
  养女: '37',
  继女: '37',
  儿媳: '38',
  子女: '29',
  孙子: '41',
  孙女: '42',
  外孙: '43',
  外孙子: '43',
  外孙女: '44',
  孙子女: '40',
  父母: '50',
  父: '51',
  父亲: '51',
  母: '52',
  母亲: '52',
  公公: '53',
  婆婆: '54',
  岳父: '55',
  岳母: '56',
  祖父母: '60',
  祖父: '61',
  爷爷: '61',
  祖母: '62',
  奶奶: '62',
  外祖父: '63',
  外祖母: '64',
  兄弟姐妹: '70',
  兄: '71',
  哥哥: '71',
  弟: '73',
  弟弟: '73',
  姐: '75',
  姐姐: '75',
  妹: '77',
  妹妹: '77',
  其他: '97',
  其他亲属: '97',
  非亲属: '99',
};

/** 与户主关系: a code of two digits, or a word. */
export const relationField: RecordField = {
  name: 'relation',
  title: '与户主关系 · Relation to the head',
  required: true,
  column: undefined,
  sqlType: 'varchar',
  fault: 'BAD_CODE',
  read: (text) => (/^\d{2}$/u.test(text) ? text : RELATIONS[text.replaceAll(/\s/gu, '')]),
};

const LETTERS: Readonly<Record<string, string>> = {
  一: 'A',
  二: 'B',
  三: 'C',
  四: 'D',
  '1': 'A',
  '2': 'B',
  '3': 'C',
  '4': 'D',
};

/** 一类, 1类, A类 → 'A': Gansu numbers its classes, others letter them. */
export const categoryField: RecordField = {
  name: 'category',
  title: '类别等次 · Class of Dibao',
  required: false,
  column: undefined,
  sqlType: 'varchar',
  fault: 'BAD_CODE',
  read: (text) => {
    const bare = text.replaceAll(/[\s第类档级]/gu, '').toUpperCase();
    return LETTERS[bare] ?? (/^[A-D]$/u.test(bare) ? bare : undefined);
  },
};
