/** A line of the list as columns of `enrolment_line`: SQL over `i` (intake_row) and the month that the list is of. */
import { PLACE_COLUMNS, placeColumn, placeColumns } from '../place.ts';
import { ruleOn, RULES } from '../rules.ts';
import { PROGRAMME_OF, SUPPORT_MODE_OF, URBAN_RURAL_OF } from './schemes.ts';

/** The month of the list under way, its first day: written by the writer, of which the columns need it. */
export const LIST_MONTH = `create temporary table if not exists enrolment_list (month date not null) on commit delete rows`;
/** First day of that month. */
export const MONTH = `(select list.month from enrolment_list list)`;

const text = (name: string): string => `(i.content->>'${name}')`;
const fen = (name: string): string => `${text(name)}::bigint`;
const SCHEME = text('scheme');

/** Number of the certificate. */
export const CERTIFICATE = text('certificateNo');
/** Programme that the scheme belongs to. */
export const PROGRAMME = PROGRAMME_OF(SCHEME);
/** First day of the first month, where the line says one. */
export const START = `(${text('startMonth')} || '-01')::date`;
/** Last day of the last month, where it says one. */
export const END = `(((${text('endMonth')} || '-01')::date + interval '1 month')::date - 1)`;
/** As the line says; over where its last month is. */
export const STATUS = `coalesce(${text('status')}, case when ${END} < ${MONTH} then 'STOPPED' else 'ACTIVE' end)`;
/** As the line says; the head of the household is the applicant. */
export const ROLE = `coalesce(${text('role')}, case when ${text('relation')} in ('01', '02') then 'APPLICANT' else 'BENEFICIARY' end)`;

/** A line that never said since when was first listed then. */
const SINCE = `coalesce(${START}, (select l.valid_from from enrolment_line l where l.id = i.id), ${MONTH})`;
const UNTIL = `case when ${text('endMonth')} is not null then greatest(${SINCE}, ${END})
  when ${STATUS} = 'STOPPED' then greatest(${SINCE}, ${MONTH} - 1) end`;

/** 特困人员认定办法 art. 22: self-care by the number of failed indicators of six. */
const failed = (rule: string): string =>
  `${text('failedIndicators')}::int >= ${ruleOn(`'${rule}'`, MONTH, placeColumn('county_code'))}::int`;
const CATEGORY = `case when ${PROGRAMME} <> 'TEKUN' then ${text('category')} else coalesce(${text('selfCare')}, case
  when ${failed(RULES.SELF_CARE_FULL)} then 'FULL_LOSS' when ${failed(RULES.SELF_CARE_PARTIAL)} then 'PARTIAL_LOSS'
  when ${text('failedIndicators')} is not null then 'ABLE' end) end`;

/** Streets are numbered from 001 to 099 (民政部 code of townships); it decides where nothing else says. */
const URBAN_RURAL = `coalesce(${text('urbanRural')}, ${URBAN_RURAL_OF(SCHEME)},
  case when substr(${placeColumn('region_code')}, 7, 3) between '001' and '099' then 'URBAN' else 'RURAL' end)`;

/** Expression by column. */
export const LINE: Readonly<Record<string, string>> = {
  certificate_no: CERTIFICATE,
  household_no: text('householdNo'),
  relation: text('relation'),
  role: ROLE,
  programme: PROGRAMME,
  urban_rural: URBAN_RURAL,
  category: CATEGORY,
  amount_fen: fen('amount'),
  person_amount_fen: fen('personAmount'),
  top_up_fen: fen('topUp'),
  person_top_up_fen: fen('personTopUp'),
  payee_account: text('account'),
  support_mode: `case when ${PROGRAMME} = 'TEKUN' then coalesce(${text('supportMode')}, ${SUPPORT_MODE_OF(SCHEME)}) end`,
  causes: `coalesce(${text('causes')}::text[], '{}')`,
  address: text('address'),
  phone: text('phone'),
  status: STATUS,
  reason: text('reason'),
  valid_from: SINCE,
  valid_to: UNTIL,
  ...placeColumns(),
};

/** All columns of a line but its id, where it came from included. */
export const LINE_COLUMNS = [
  'person_id',
  ...Object.keys(LINE).filter((column) => !PLACE_COLUMNS.some((place) => place === column)),
  ...PLACE_COLUMNS,
  ...['as_of', 'recorded_at', 'delivery_id', 'digest', 'ended_on'],
];
