/** Rows on their way into the database, in the text format of COPY. */

/** What a cell may hold; null is NULL. A string may bring several cells with it, joined by tabs ({@link cells}). */
export type Cell = string | number | boolean | null;

const PLACE = 'region_code, township_code, county_code, prefecture_code, province_code';
const PROVENANCE = 'source_system, source_key, as_of, recorded_at';

/** Every table that the generator fills, in the order of loading, with its columns in the order of its cells. */
export const TABLES = {
  person: `id, name, name_key, sex, birth_date, ethnicity, phone, address, disability_type, disability_grade,
    disability_certificate_no, labour_ability, self_care_grade, died_on, ${PLACE}, ${PROVENANCE}`,
  person_identifier: `id, person_id, type, value, match_key, issuer, valid_from, valid_to, verified, superseded_by_id,
    ${PROVENANCE}`,
  household: `id, head_person_id, urban_rural, address, member_count, monthly_income_fen, assets_fen, ${PLACE},
    ${PROVENANCE}`,
  membership: `id, household_id, person_id, relation, role, valid_from, valid_to, ${PROVENANCE}`,
  enrolment: `id, household_id, applicant_id, programme, urban_rural, category, certificate_no, amount_fen, top_up_fen,
    payee_account, support_mode, causes, status, valid_from, valid_to, ${PLACE}, ${PROVENANCE}`,
  enrolment_event: `id, enrolment_id, kind, effective_on, amount_fen, reason, ${PROVENANCE}`,
  recipient: `id, enrolment_id, person_id, household_id, programme, urban_rural, category, valid_from, valid_to, ${PLACE},
    ${PROVENANCE}`,
  caseload: 'id, department, person_id, household_id, case_no, opened_on, closed_on',
  feed: 'id, source_system, department, record, as_of, rhythm_hours',
  student_record: `id, person_id, stage, school_code, school_name, grade, boarding, term, ${PROVENANCE}`,
  education_voucher: `id, person_id, term, face_value_fen, fees, issued_on, redeemed_on, redeemed_school, ${PROVENANCE}`,
  fee_deferral: `id, person_id, kind, school_name, term, fees, amount_fen, granted_on, due_on, settled_on, ${PROVENANCE}`,
  medical_settlement: `id, person_id, insured_type, visit, admitted_on, discharged_on, diagnosis, serious_illness, total_fen,
    in_policy_fen, basic_fen, major_fen, aid_fen, other_fen, self_fen, ${PROVENANCE}`,
  insured_record: `id, person_id, insured_type, valid_from, valid_to, premium_fen, aided_as, premium_aid_mode, premium_aid_fen,
    ${PROVENANCE}`,
  emergency_case: `id, person_id, hospital, arrived_on, identity_known, found_at, description, total_fen, insurance_fen, aid_fen,
    self_fen, fund_fen, unpaid_fen, fund_paid_on, ${PROVENANCE}`,
  death_report: `id, person_id, died_on, certified_by, institution, certificate_no, ${PROVENANCE}`,
  housing_record: `id, person_id, household_id, tenure, area_m2, danger_grade, address, ${PROVENANCE}`,
  public_rental: `id, person_id, household_id, unit_code, address, area_m2, rent_fen, relief_fen, valid_from, valid_to,
    ${PROVENANCE}`,
  rent_subsidy: `id, person_id, household_id, amount_fen, month_from, month_to, ${PROVENANCE}`,
  dilapidated_house: `id, person_id, household_id, house_code, address, grade, surveyed_on, reconstruction, reconstructed_on,
    ${PROVENANCE}`,
  employment_record: `id, person_id, status, employer_uscc, registered_on, training, refusals, ${PROVENANCE}`,
  training_record: `id, person_id, course, from_on, to_on, provider_uscc, certificate_no, subsidy_claimed, ${PROVENANCE}`,
  public_post: `id, person_id, post, employer_uscc, valid_from, valid_to, ${PROVENANCE}`,
  work_refusal: `id, person_id, offer, employer_uscc, refused_on, justified, reason, ${PROVENANCE}`,
  community_service: `id, person_id, served_on, organiser, attended, hours, ${PROVENANCE}`,
  legacy_certificate: `id, person_id, kind, certificate_no, issuer, issued_on, valid_to, support_mode, programme, mapping_basis,
    ${PROVENANCE}`,
  related_status: `id, person_id, kind, grade, certificate_no, amount_fen, valid_from, valid_to, ${PROVENANCE}`,
  temporary_aid_case: `id, person_id, household_id, kind, cause, applied_on, decided_on, aid_first, fast_track, papers_due_on,
    papers_on, grant_key, ${PLACE}, ${PROVENANCE}`,
  disaster_relief: `id, person_id, household_id, event_code, report_version, superseded, phase, family_type, family_size,
    needy_count, address, houses_lost, in_temporary_shelter, mode, cash_fen, kind_description, kind_value_fen, insurance_fen,
    reported_on, ${PLACE}, ${PROVENANCE}`,
  shelter_stay: `id, person_id, station, entered_on, entry_mode, left_on, exit_mode, minor, origin_known, origin_region, health,
    home_asked_on, home_due_on, home_answered_on, home_answer, ${PLACE}, ${PROVENANCE}`,
  charity_aid: `id, person_id, donor, donor_uscc, project, given_on, cash_fen, kind_description, kind_value_fen, ${PROVENANCE}`,
  aid_grant: `id, department, source_key, version, digest, programme, mode, person_id, household_id, amount_fen,
    kind_description, period_from, period_to, decided_on, paid_on, fund_source, reversal_of, state, superseded_by_version,
    reversed_by_key, reported_by, reported_at, ${PLACE}, source_system, as_of, recorded_at`,
} as const;

/** A table that the generator fills. */
export type TableName = keyof typeof TABLES;

/** The names of {@link TABLES}, in the order of loading. */
export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

/** Rows loaded, by table; none of a table that is not there. */
export type Counts = Readonly<Record<TableName, number>>;

/** Several cells that always go together (a place, a provenance), joined once and used by many rows. */
export function cells(...values: readonly Cell[]): string {
  // The join writes null as nothing, and COPY reads nothing as NULL. No value of the generator is empty or holds a tab.
  return values.join('\t');
}

/** The rows of one part of the population, by table, until they are sent. */
export class Sheets {
  readonly #lines = new Map<TableName, string[]>(TABLE_NAMES.map((table) => [table, []]));
  readonly #counts = new Map<TableName, number>(TABLE_NAMES.map((table) => [table, 0]));

  /** Takes no rows of other tables from now on: those of a department whose module is not installed are not there. */
  only(tables: readonly TableName[]): void {
    for (const table of TABLE_NAMES) {
      if (tables.includes(table)) continue;
      this.#lines.delete(table);
      this.#counts.delete(table);
    }
  }

  /** Adds one row; the cells are in the order of {@link TABLES}. */
  add(table: TableName, row: readonly Cell[]): void {
    this.#lines.get(table)?.push(row.join('\t'));
  }

  /** Takes what has been added to a table since the last time, as COPY text; undefined when nothing was. */
  take(table: TableName): string | undefined {
    const lines = this.#lines.get(table);
    if (lines === undefined || lines.length === 0) return undefined;
    this.#counts.set(table, (this.#counts.get(table) ?? 0) + lines.length);
    this.#lines.set(table, []);
    return `${lines.join('\n')}\n`;
  }

  /** Rows taken so far. */
  counts(): Counts {
    return Object.fromEntries(this.#counts) as Record<TableName, number>;
  }
}
