/** Closed lists of civil affairs' own records. A new value is a line here and a migration that widens the CHECK. */
import { closedList } from '../../graph/index.ts';

export const LegacyCertificateKind = closedList(
  'LegacyCertificateKind',
  '历史证件种类 · Kind of certificate of the years before Tekun',
  {
    WUBAO: '五保供养证 · Five Guarantees',
    SANWU: '城市三无人员证 · Urban “three-withouts”: no income, no ability to work, no supporter',
    RURAL_HARDSHIP: '农村特困户证 · Rural-hardship certificate; never the same as Tekun',
  },
);
export type LegacyCertificateKind = keyof typeof LegacyCertificateKind;

export const RelatedStatusKind = closedList(
  'RelatedStatusKind',
  '关联身份 · A status or subsidy beside the programmes (甘政办发〔2017〕28号 二(二))',
  {
    ORPHAN: '孤儿 · Orphan',
    DE_FACTO_UNATTENDED_CHILD: '事实无人抚养儿童 · De-facto unattended child',
    CHILD_IN_DIFFICULTY: '困境儿童 · Child in difficulty',
    LEFT_BEHIND_CHILD: '留守儿童 · Left-behind child',
    DISABLED_LIVING_SUBSIDY: '困难残疾人生活补贴 · Living subsidy for disabled persons in difficulty',
    SEVERE_DISABLED_CARE_SUBSIDY: '重度残疾人护理补贴 · Care subsidy for severely disabled persons',
    ELDERLY_ALLOWANCE: '老年人补贴 · Allowance for the elderly',
    ENTITLED_VETERAN: '优抚对象 · Entitled veteran or family',
    FILED_POOR: '建档立卡 · Registered as poor until 2020',
    OTHER_LOW_INCOME: '其他低收入人口 · Other low income: in no programme',
  },
);
export type RelatedStatusKind = keyof typeof RelatedStatusKind;

export const TemporaryAidKind = closedList('TemporaryAidKind', '临时救助类型 · Kind of temporary aid', {
  URGENT: '急难型 · Urgent',
  EXPENDITURE: '支出型 · Burdened by necessary expenses',
});
export type TemporaryAidKind = keyof typeof TemporaryAidKind;

export const DisasterPhase = closedList('DisasterPhase', '救助阶段 · Phase of disaster relief', {
  EMERGENCY: '应急救助 · In the emergency',
  TRANSITION: '过渡性救助 · Until people can live on their own again',
  WINTER_SPRING: '冬春救助 · Winter and spring',
  REBUILDING: '倒损住房恢复重建 · Rebuilding of homes',
});
export type DisasterPhase = keyof typeof DisasterPhase;

export const DisasterMode = closedList('DisasterMode', '灾害救助方式 · How relief is given', {
  CASH: '现金 · Cash',
  KIND: '实物 · In kind',
  BOTH: '现金和实物 · Both',
});
export type DisasterMode = keyof typeof DisasterMode;

export const ShelterEntryMode = closedList('ShelterEntryMode', '入站方式 · How a person came to the station', {
  SELF: '自行求助 · By themselves',
  POLICE: '公安护送 · Brought by police',
  CITY_MANAGEMENT: '城管护送 · Brought by city management',
  OUTREACH: '街面巡查 · Found by outreach',
  PUBLIC: '群众护送 · Brought by the public',
  TRANSFER: '外站转入 · From another station',
});
export type ShelterEntryMode = keyof typeof ShelterEntryMode;

export const ShelterExitMode = closedList('ShelterExitMode', '离站方式 · How a person left the station', {
  LEFT: '自行离站 · By themselves',
  RELATIVES: '亲属接回 · Fetched by relatives',
  ESCORTED: '护送返乡 · Escorted home',
  TRANSFER: '跨站移交 · Handed over to another station',
  HOSPITAL: '转送医院 · To hospital',
  SETTLED: '落户安置 · Settled',
  REFUSED: '放弃救助 · Gave up',
  DIED: '死亡 · Died',
});
export type ShelterExitMode = keyof typeof ShelterExitMode;

export const ShelterHealth = closedList('ShelterHealth', '入站健康状况 · Health on entry, in no finer words', {
  HEALTHY: '健康 · Healthy',
  ILL: '患病 · Ill',
  MENTAL_ILLNESS: '疑似精神障碍 · Mentally ill, it seems',
  DISABLED: '残疾 · Disabled',
  UNKNOWN: '不详 · Unknown',
});
export type ShelterHealth = keyof typeof ShelterHealth;

export const HomeAnswer = closedList('HomeAnswer', '流出地答复 · What the home county answered', {
  ACCEPTED: '同意接收 · Takes the person back',
  REFUSED: '不予接收 · Does not',
});
export type HomeAnswer = keyof typeof HomeAnswer;
