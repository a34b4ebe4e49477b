/** Closed lists of the registry. A new value is a line here and a migration that widens the CHECK. */
import { closedList } from '../graph/index.ts';

export const RegionLevel = closedList('RegionLevel', '区划级别 · Level of an administrative division', {
  PROVINCE: '省级 · Province',
  PREFECTURE: '地级 · Prefecture',
  COUNTY: '县级 · County or district',
  TOWNSHIP: '乡级 · Township, town or street',
  VILLAGE: '村级 · Village or residents’ committee',
});
export type RegionLevel = keyof typeof RegionLevel;

export const RegionChangeKind = closedList('RegionChangeKind', '区划变更类型 · How a division changed', {
  MERGE: '合并 · Merged into another',
  SPLIT: '拆分 · Split off',
  RENAME: '更名 · Renamed',
  RECODE: '变更代码 · Given another code',
});
export type RegionChangeKind = keyof typeof RegionChangeKind;

export const UrbanRural = closedList('UrbanRural', '城乡类别 · Urban or rural scheme', {
  URBAN: '城市 · Urban',
  RURAL: '农村 · Rural',
});
export type UrbanRural = keyof typeof UrbanRural;

export const DisabilityType = closedList('DisabilityType', '残疾类别 · Kind of disability (GB/T 26341)', {
  VISUAL: '视力残疾 · Visual',
  HEARING: '听力残疾 · Hearing',
  SPEECH: '言语残疾 · Speech',
  PHYSICAL: '肢体残疾 · Physical',
  INTELLECTUAL: '智力残疾 · Intellectual',
  MENTAL: '精神残疾 · Mental',
  MULTIPLE: '多重残疾 · Multiple',
});
export type DisabilityType = keyof typeof DisabilityType;

export const LabourAbility = closedList('LabourAbility', '劳动能力 · Ability to work', {
  ABLE: '有劳动能力 · Able to work',
  PARTIAL: '部分丧失劳动能力 · Partly lost',
  TOTAL_LOSS: '完全丧失劳动能力 · Wholly lost',
  NONE_BY_AGE: '无劳动能力（未成年或年老） · None, being too young or too old',
});
export type LabourAbility = keyof typeof LabourAbility;

export const SelfCareGrade = closedList(
  'SelfCareGrade',
  '生活自理能力 · Ability to look after oneself (特困人员认定办法 art. 22)',
  {
    ABLE: '全自理 · Able',
    PARTIAL_LOSS: '半护理（部分丧失） · Partly lost',
    FULL_LOSS: '全护理（完全丧失） · Wholly lost',
  },
);
export type SelfCareGrade = keyof typeof SelfCareGrade;

export const MemberRole = closedList('MemberRole', '家庭成员身份 · What a member is in the case', {
  APPLICANT: '申请人 · Applicant',
  BENEFICIARY: '保障对象 · Beneficiary',
  COUNTED_NOT_BENEFICIARY: '共同生活但不享受 · Counted in the household, not a beneficiary',
});
export type MemberRole = keyof typeof MemberRole;

export const Programme = closedList('Programme', '救助类别 · Social-assistance programme', {
  DIBAO: '最低生活保障（低保） · Subsistence allowance',
  TEKUN: '特困人员救助供养（特困） · Support for the extremely poor',
  DIBAO_EDGE: '低保边缘家庭 · Near-subsistence family',
  RIGID_EXPENDITURE: '刚性支出困难家庭 · Family burdened by essential expenses',
  RELAPSE_MONITORED: '防止返贫监测对象 · Monitored against relapse into poverty',
  TEMPORARY_AID: '临时救助 · Temporary assistance',
  LEGACY_RURAL_HARDSHIP: '原农村特困户 · Rural-hardship certificate of the years before Tekun, never the same as TEKUN',
});
export type Programme = keyof typeof Programme;

export const SupportMode = closedList('SupportMode', '供养方式 · How a Tekun person is supported', {
  CENTRALISED: '集中供养 · In an institution',
  SCATTERED: '分散供养 · At home',
});
export type SupportMode = keyof typeof SupportMode;

export const PovertyCause = closedList(
  'PovertyCause',
  '致困原因 · Why a household is in difficulty; several may apply',
  {
    ILLNESS: '因病 · Illness',
    DISABILITY: '因残 · Disability',
    SCHOOLING: '因学 · Schooling',
    DISASTER: '因灾 · Disaster',
    NO_LABOUR: '缺劳力 · Nobody able to work',
    OTHER: '其他 · Other',
  },
);
export type PovertyCause = keyof typeof PovertyCause;

export const EnrolmentStatus = closedList('EnrolmentStatus', '待遇状态 · State of an enrolment', {
  ACTIVE: '在保 · Active',
  SUSPENDED: '暂停 · Suspended',
  STOPPED: '停发 · Stopped',
});
export type EnrolmentStatus = keyof typeof EnrolmentStatus;

export const EnrolmentEventKind = closedList('EnrolmentEventKind', '待遇变动类型 · What happened to an enrolment', {
  NEW: '新增 · Newly granted',
  ADJUST_UP: '调增 · Raised',
  ADJUST_DOWN: '调减 · Lowered',
  SUSPEND: '暂停 · Suspended',
  STOP: '停发 · Stopped',
  RESTORE: '恢复 · Restored',
});
export type EnrolmentEventKind = keyof typeof EnrolmentEventKind;

/** Never in the graph: which kinds of number identify a person. */
export const IDENTIFIER_TYPES = {
  RESIDENT_ID: 'RESIDENT_ID',
  HMT_PERMIT: 'HMT_PERMIT',
  FOREIGN_PERMIT: 'FOREIGN_PERMIT',
  TEMPORARY: 'TEMPORARY',
} as const;
/** A kind of identifying number. */
export type IdentifierType = keyof typeof IDENTIFIER_TYPES;

/** Departments as an enum of the graph; the same list as `Department` of a caller. */
export const DepartmentCode = closedList('Department', '部门 · Department', {
  CIVIL_AFFAIRS: '民政 · Civil affairs',
  EDUCATION: '教育 · Education',
  HEALTH: '卫生健康 · Health',
  MEDICAL_SECURITY: '医疗保障 · Medical security',
  HOUSING: '住房城乡建设 · Housing and urban-rural development',
  LABOUR: '人力资源社会保障 · Human resources and social security',
  AUDIT: '审计 · Audit',
});
export type DepartmentCode = keyof typeof DepartmentCode;
