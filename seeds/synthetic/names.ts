import type { Random } from './random.ts';
import { weighted } from './random.ts';

// About the share of each surname in the two provinces, in per mille; the tail is cut off.
const SURNAMES = weighted({
  王: 72,
  李: 70,
  张: 68,
  刘: 62,
  陈: 44,
  杨: 34,
  黄: 33,
  赵: 24,
  周: 22,
  吴: 20,
  徐: 17,
  孙: 12,
  马: 26,
  胡: 18,
  朱: 12,
  郭: 14,
  何: 14,
  罗: 16,
  高: 12,
  林: 11,
  郑: 8,
  梁: 8,
  谢: 12,
  宋: 9,
  唐: 7,
  许: 8,
  韩: 8,
  冯: 8,
  邓: 10,
  曹: 8,
  彭: 9,
  曾: 10,
  肖: 11,
  田: 8,
  董: 8,
  袁: 7,
  潘: 6,
  于: 4,
  蒋: 4,
  蔡: 6,
  余: 9,
  杜: 6,
  叶: 6,
  程: 8,
  苏: 5,
  魏: 9,
  吕: 6,
  丁: 6,
  任: 6,
  沈: 4,
  姚: 6,
  卢: 5,
  姜: 4,
  崔: 4,
  钟: 7,
  谭: 5,
  陆: 3,
  汪: 6,
  范: 5,
  金: 4,
  石: 5,
  廖: 8,
  贾: 4,
  夏: 5,
  韦: 2,
  付: 6,
  方: 5,
  白: 5,
  邹: 6,
  孟: 3,
  熊: 9,
  秦: 5,
  邱: 6,
  江: 5,
  尹: 4,
  薛: 5,
  闫: 4,
  段: 4,
  雷: 5,
  侯: 4,
  龙: 5,
  史: 4,
  陶: 4,
  黎: 3,
  贺: 4,
  顾: 2,
  毛: 4,
  郝: 3,
  龚: 6,
  邵: 4,
  万: 7,
  钱: 2,
  严: 4,
  覃: 1,
  武: 3,
  戴: 4,
  莫: 1,
  孔: 2,
  向: 1,
  汤: 3,
  欧阳: 3,
  上官: 1,
  司马: 1,
  单: 1,
  解: 1,
  仇: 1,
});

const OF_MEN = [
  ...'伟强军勇杰涛明超刚平辉鹏华飞斌波宇浩凯健俊帆帅旭宁龙林欢阳志建国海山成峰祥福贵财富生根宝荣庆文斗金银来',
];
const OF_WOMEN = [...'芳娜敏静秀娟英霞平红丽艳玲桂兰凤洁梅琳素云莲真环雪荣爱妹香月莺媛琴珍贞莉翠巧春花燕彩银仙菊'];
const EITHER = [...'文海玉春永晓建国志小明子金思雨梓涵欣怡一诺宇轩博雅'];
/** Characters beyond the Basic Multilingual Plane that are in today's names (通用规范汉字表 has all of them). */
const BEYOND_BMP = ['𬎆', '𬘭', '𫖯', '𬭎', '𬍛', '𬱖', '𫄧', '𬭸', '𫓧', '𬀩'];

const FIRST_PARTS = [
  '买买提',
  '阿卜杜拉',
  '阿依古丽',
  '尤素夫',
  '伊布拉',
  '法图麦',
  '艾力',
  '努尔兰',
  '才让',
  '卓玛',
  '扎西',
  '丹增',
];
const LAST_PARTS = [
  '艾力',
  '吐尔逊',
  '热合曼',
  '古丽',
  '哈桑',
  '赛里木',
  '多杰',
  '加措',
  '拉毛',
  '旺姆',
  '木拉提',
  '依明',
];
/** Which sign a source writes for the dot; the first is right, the others are what arrives. */
const DOTS = weighted({ '\u00b7': 70, '\u2022': 12, '\u30fb': 8, '\uff0e': 6, '.': 4 });

const SURNAMES_BY_ETHNICITY: Readonly<Record<string, readonly string[]>> = {
  '03': ['马', '马', '马', '马', '李', '沙', '苏', '丁', '哈', '喇'],
  '26': ['马', '马', '唐', '张', '汪', '陈'],
  '35': ['韩', '马'],
  '47': ['马', '杨', '妥', '李'],
};

/** Most names: one surname, one or two characters. */
export function plainName(random: Random, sex: '1' | '2', ethnicity: string): string {
  const among = SURNAMES_BY_ETHNICITY[ethnicity];
  const surname = among === undefined ? SURNAMES(random) : random.pick(among);
  const own = sex === '1' ? OF_MEN : OF_WOMEN;
  const last = random.pick(own);
  if (random.chance(0.14)) return surname + last;
  return surname + random.pick(random.chance(0.6) ? EITHER : own) + last;
}

/** A name with a character that takes two UTF-16 units. */
export function nameBeyondBmp(random: Random): string {
  return SURNAMES(random) + (random.chance(0.5) ? random.pick(EITHER) : '') + random.pick(BEYOND_BMP);
}

/** A name of two parts with a dot between them, whichever sign the source takes for it. */
export function dottedName(random: Random): string {
  return random.pick(FIRST_PARTS) + DOTS(random) + random.pick(LAST_PARTS);
}

/** A code of GB/T 3304 by where somebody lives: mostly 01 (Han), but not in Linxia and Gannan. */
export function ethnicityIn(prefectureCode: string, random: Random): string {
  if (prefectureCode.startsWith('6229')) return IN_LINXIA(random);
  if (prefectureCode.startsWith('6230')) return IN_GANNAN(random);
  return prefectureCode.startsWith('62') ? IN_GANSU(random) : IN_JIANGXI(random);
}

const IN_LINXIA = weighted({ '01': 40, '03': 31, '26': 26, '47': 1, '35': 1, '30': 1 });
const IN_GANNAN = weighted({ '01': 38, '04': 56, '03': 6 });
const IN_GANSU = weighted({ '01': 950, '03': 38, '04': 4, '48': 3, '17': 2, '02': 3 });
const IN_JIANGXI = weighted({ '01': 996, '22': 3, '03': 1 });
