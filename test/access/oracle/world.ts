/** A small world drawn at random, with everything on the border: ends of validity, moved persons, shared case numbers. */
import type { Pool } from 'pg';
import { makeResidentId } from '../../../seeds/synthetic/resident-id.ts';
import { Random } from '../../../seeds/synthetic/random.ts';
import { GRANTING, drawCorrections, drawFeeds } from './freshness.ts';
import { addKnown } from './known.ts';
import { ABSENT_TABLES } from './nouns.ts';

/** The day on which the tests of access take place. */
export const TODAY = '2026-11-22';

/** Departments that have a caseload of their own. */
const WITH_CASELOAD = [
  'EDUCATION',
  'HEALTH',
  'MEDICAL_SECURITY',
  'HOUSING',
  'LABOUR',
  'AUDIT',
  'CIVIL_AFFAIRS',
] as const;

/** Case numbers of every department; the last one is nobody's. */
export const CASES = ['CASE-1', 'CASE-2', 'CASE-3', 'CLOSED-1', 'FUTURE-1', 'NOBODY-1'] as const;

type Values = Record<string, unknown>;
type Place = Readonly<Record<'region_code' | 'county_code' | 'prefecture_code' | 'province_code', string>> & {
  readonly township_code: string | null;
};

/** What a test needs to know of the world without reading it back. */
export interface World {
  /** Divisions that something lies in, of every level. */
  readonly regions: readonly string[];
  /** Numbers that were written, and some that are nobody's. */
  readonly idNumbers: readonly string[];
}

/** Draws the world with the seed and writes it as the owner of the tables. */
export async function makeWorld(pool: Pool, seed: number): Promise<World> {
  const random = new Random(seed, 'world');
  // A stream of its own: what else the world holds stays as it was.
  const itemFrom = new Random(seed, 'world/items');
  const places = await placesOf(pool, random);
  const rows = new Map<string, Values[]>();
  const add = (table: string, values: Values): Values => {
    const row: Values = { id: random.uuid(1_790_000_000_000 + random.whole(0, 1_000_000)), ...values };
    rows.set(table, [...(rows.get(table) ?? []), row]);
    return row;
  };
  const source = (): Values => ({
    source_system: random.pick(['minzheng', 'xueji', 'yibao']),
    source_key: random.uuid(1_790_000_000_000),
    as_of: new Date(
      Date.UTC(2026, random.whole(0, 9), random.whole(1, 28), random.whole(0, 23), 5, 7, random.whole(0, 999)),
    ),
    recorded_at: '2026-10-01T00:00:00Z',
  });
  const maybe = <T>(probability: number, value: () => T): T | null => (random.chance(probability) ? value() : null);
  const fen = (): number =>
    random.pick([0, 1, 99, 100, 9_999, 10_000, 10_001, 67_890, 123_456_789, random.whole(0, 900_000)]);
  const near = (): string => random.pick(DAYS);
  const spell = (): Values => {
    const [from = TODAY, to = TODAY] = [near(), near()].sort();
    return { valid_from: from, valid_to: maybe(0.5, () => to) };
  };
  const idNumbers: string[] = [];
  const place = (): Values => ({ ...random.pick(places) });

  const persons = Array.from({ length: 90 }, (_, i) => {
    const disabled = random.chance(0.4);
    const birth = random.pick([
      '1937-02-11',
      '1969-12-31',
      '1970-01-01',
      '1987-05-06',
      '2009-10-10',
      '2010-01-01',
      null,
    ]);
    const name = random.pick(NAMES);
    const person = add('person', {
      name,
      name_key: name.toLowerCase(),
      sex: random.pick(['0', '1', '2', '9']),
      birth_date: birth,
      ethnicity: maybe(0.8, () => random.pick(['01', '03', '10'])),
      phone: maybe(0.8, () => random.pick(PHONES)),
      address: maybe(0.8, () => `兴隆村${i}号`),
      disability_type: disabled ? random.pick(['VISUAL', 'PHYSICAL', 'MENTAL']) : null,
      disability_grade: disabled ? random.whole(1, 4) : null,
      disability_certificate_no: disabled ? random.pick(CERTIFICATES) : null,
      labour_ability: maybe(0.7, () => random.pick(['ABLE', 'PARTIAL', 'TOTAL_LOSS', 'NONE_BY_AGE'])),
      self_care_grade: maybe(0.5, () => random.pick(['ABLE', 'PARTIAL_LOSS', 'FULL_LOSS'])),
      died_on: maybe(0.1, near),
      ...place(),
      ...source(),
    });
    if (random.chance(0.9)) {
      const number = makeResidentId('620199', birth ?? '1999-09-09', i);
      idNumbers.push(number);
      add('person_identifier', {
        person_id: person['id'],
        type: 'RESIDENT_ID',
        value: number,
        match_key: number,
        issuer: null,
        valid_from: null,
        valid_to: null,
        verified: random.chance(0.5),
        superseded_by_id: null,
        ...source(),
      });
    }
    return person;
  });
  const personId = (): unknown => random.pick(persons)['id'];

  const households = Array.from({ length: 40 }, () => {
    const members = Array.from({ length: random.whole(1, 4) }, () => random.pick(persons));
    const household = add('household', {
      head_person_id: maybe(0.9, () => members[0]?.['id']),
      urban_rural: random.pick(['URBAN', 'RURAL']),
      address: maybe(0.8, () => '幸福路一号'),
      member_count: random.whole(0, 9),
      monthly_income_fen: maybe(0.8, fen),
      assets_fen: maybe(0.8, fen),
      // Most live where their head does; some moved and the household did not.
      ...(random.chance(0.7) ? placeOf(members[0] ?? {}) : place()),
      ...source(),
    });
    for (const member of members) {
      add('membership', {
        household_id: household['id'],
        person_id: member['id'],
        relation: random.pick(['01', '10', '20']),
        role: random.pick(['APPLICANT', 'BENEFICIARY', 'COUNTED_NOT_BENEFICIARY']),
        ...spell(),
        ...source(),
      });
    }
    return { household, members };
  });

  const busy = new Set<string>();
  for (const { household, members } of households) {
    for (let i = random.whole(0, 2); i > 0; i--) {
      const programme = random.pick(PROGRAMMES);
      const enrolment = add('enrolment', {
        household_id: household['id'],
        applicant_id: random.chance(0.8) ? members[0]?.['id'] : personId(),
        programme,
        urban_rural: random.pick(['URBAN', 'RURAL']),
        category: maybe(0.8, () => random.pick(['A', 'B', 'C'])),
        certificate_no: maybe(0.5, () => `Z${random.whole(1, 999)}`),
        amount_fen: fen(),
        top_up_fen: fen(),
        payee_account: maybe(0.7, () => random.pick(ACCOUNTS)),
        support_mode: maybe(0.3, () => random.pick(['CENTRALISED', 'SCATTERED'])),
        causes: random.pick([[], ['ILLNESS'], ['DISABILITY', 'ILLNESS']]),
        status: random.pick(['ACTIVE', 'STOPPED']),
        ...spell(),
        ...(random.chance(0.7) ? placeOf(household) : place()),
        ...source(),
      });
      for (let e = random.whole(0, 3); e > 0; e--) {
        add('enrolment_event', {
          enrolment_id: enrolment['id'],
          kind: random.pick(['NEW', 'ADJUST_UP', 'STOP']),
          effective_on: near(),
          amount_fen: maybe(0.7, fen),
          reason: maybe(0.5, () => '复核'),
          ...source(),
        });
      }
      for (const member of members) {
        const key = `${String(member['id'])} ${programme}`;
        if (busy.has(key) || random.chance(0.2)) continue;
        busy.add(key);
        add('recipient', {
          enrolment_id: enrolment['id'],
          person_id: member['id'],
          household_id: household['id'],
          programme,
          urban_rural: random.pick(['URBAN', 'RURAL']),
          category: maybe(0.8, () => random.pick(['A', 'B', 'C'])),
          ...spell(),
          ...(random.chance(0.7) ? placeOf(member) : place()),
          ...source(),
        });
      }
    }
  }

  for (const department of WITH_CASELOAD) {
    for (const { household, members } of households) {
      for (const member of members) {
        if (!random.chance(0.3)) continue;
        const caseNo = random.pick(CASES.slice(0, 5));
        const row = {
          department,
          person_id: member['id'],
          household_id: maybe(0.7, () =>
            random.chance(0.9) ? household['id'] : random.pick(households).household['id'],
          ),
          case_no: caseNo,
          opened_on:
            caseNo === 'FUTURE-1'
              ? '2026-11-23'
              : caseNo === 'CLOSED-1'
                ? '2026-01-01'
                : random.pick(['2026-01-01', TODAY]),
          closed_on: caseNo === 'CLOSED-1' ? random.pick(['2026-11-21', TODAY]) : maybe(0.2, () => TODAY),
        };
        const key = `${department} ${caseNo} ${String(member['id'])}`;
        if (busy.has(key)) continue;
        busy.add(key);
        add('caseload', caseNo === 'FUTURE-1' ? { ...row, closed_on: null } : row);
      }
    }
  }

  for (const person of persons) {
    const of = { person_id: person['id'] };
    for (let i = random.whole(0, 2); i > 0; i--) {
      add('student_record', {
        ...of,
        stage: random.pick(['PRIMARY', 'SENIOR']),
        school_code: '62000001',
        school_name: '第一小学',
        grade: random.whole(0, 12),
        boarding: random.chance(0.5),
        term: random.pick(['2025-2', '2026-1', '2026-2']),
        ...source(),
      });
    }
    for (let i = random.whole(0, 2); i > 0; i--) {
      const parts = { basic_fen: fen(), major_fen: fen(), aid_fen: fen(), other_fen: 0, self_fen: fen() };
      add('medical_settlement', {
        ...of,
        insured_type: random.pick(['EMPLOYEE', 'RESIDENT']),
        visit: random.pick(['INPATIENT', 'OUTPATIENT']),
        admitted_on: random.pick(['2026-03-01', '2026-03-02', '2026-04-05']),
        discharged_on: maybe(0.5, () => '2026-05-01'),
        diagnosis: maybe(0.7, () => '肺炎'),
        diagnosis_code: maybe(0.7, () => 'J18'),
        serious_illness: random.chance(0.3),
        total_fen: Object.values(parts).reduce((sum, part) => sum + part, 0),
        in_policy_fen: 0,
        ...parts,
        ...source(),
      });
    }
    if (random.chance(0.5)) {
      add('housing_record', {
        ...of,
        household_id: maybe(0.7, () => random.pick(households).household['id']),
        tenure: random.pick(['OWNED', 'PUBLIC_RENTAL', 'NONE']),
        area_m2: random.pick(['0.00', '68.50', '120.00']),
        danger_grade: maybe(0.5, () => random.pick(['A', 'D'])),
        address: maybe(0.7, () => '和平里二号'),
        ...source(),
      });
    }
    if (random.chance(0.5)) {
      add('employment_record', {
        ...of,
        status: random.pick(['EMPLOYED', 'HARD_TO_EMPLOY']),
        employer_uscc: maybe(0.4, () => '11620000MB0000000A'),
        registered_on: near(),
        training: maybe(0.4, () => '焊工'),
        refusals: random.whole(0, 3),
        ...source(),
      });
    }
    for (let i = random.whole(0, 4); i > 0; i--) {
      const { recorded_at, ...delivered } = source();
      add('aid_grant', {
        ...delivered,
        recorded_at,
        department: random.pick(['EDUCATION', 'HEALTH', 'MEDICAL_SECURITY', 'HOUSING', 'LABOUR', 'CIVIL_AFFAIRS']),
        version: random.whole(1, 3),
        digest: `\\x${'00'.repeat(32)}`,
        programme: random.pick(['EDUCATION_AID', 'MEDICAL_AID', 'RENT_SUBSIDY']),
        mode: random.pick(['CASH', 'KIND']),
        person_id: person['id'],
        household_id: maybe(0.7, () => random.pick(households).household['id']),
        amount_fen: maybe(0.8, fen),
        kind_description: maybe(0.3, () => '棉被'),
        period_from: maybe(0.5, () => '2026-01'),
        period_to: maybe(0.3, () => '2026-06'),
        decided_on: near(),
        paid_on: maybe(0.5, near),
        fund_source: maybe(0.5, () => '省级资金'),
        reversal_of: null,
        ...itemFrom.pick([
          { item: null, reference: null },
          { item: 'BOARDING_SUBSIDY', reference: null },
          { item: 'TRAINING_SUBSIDY', reference: 'PX-2026-03' },
        ]),
        state: random.pick(['CURRENT', 'CURRENT', 'SUPERSEDED', 'REVERSED', 'REVERSAL']),
        superseded_by_version: null,
        reversed_by_key: null,
        reported_by: 'test',
        reported_at: random.pick(['2026-10-10T10:10:10.123Z', '2026-10-10T10:10:10.124Z', '2026-11-20T23:59:59Z']),
        ...(random.chance(0.7) ? placeOf(person) : place()),
      });
    }
  }
  healthAndHousing({ random, persons, households, add, maybe, fen, near, spell, source });
  civilAffairs({ random, persons, households, add, maybe, fen, near, spell, source });
  drawSchoolFeesAndWork(new Random(seed, 'world/fees and work'), persons, add, source);
  add('feed', {
    source_system: 'minzheng',
    department: 'CIVIL_AFFAIRS',
    record: 'ENROLMENT',
    as_of: '2026-11-20T00:00:00Z',
    rhythm_hours: 744,
  });
  drawFeeds(new Random(seed, 'world/feeds'), place, add);
  drawCorrections(
    new Random(seed, 'world/corrections'),
    { persons, households: households.map(({ household }) => household) },
    add,
  );
  const known = { random: new Random(seed, 'world/known'), rows, add, keeping: WITH_CASELOAD, granting: GRANTING };
  idNumbers.push(...addKnown({ ...known, cases: CASES.slice(0, 3) }));

  // Drawn all the same, so that whoever is there is the same in every hub.
  for (const [table, values] of rows) if (!ABSENT_TABLES.has(table)) await insert(pool, table, values);
  await pool.query('analyze');
  const strangers = Array.from({ length: 5 }, (_, i) => makeResidentId('360199', '1980-08-08', 900 + i));
  const regions = new Set(
    places.flatMap((at) => [
      at.region_code,
      at.township_code ?? at.county_code,
      at.county_code,
      at.prefecture_code,
      at.province_code,
    ]),
  );
  return {
    regions: [...regions].filter((code) => code.endsWith('000')),
    idNumbers: [...idNumbers, ...strangers],
  };
}

interface Drawing {
  readonly random: Random;
  readonly persons: readonly Values[];
  readonly households: readonly { readonly household: Values; readonly members: readonly Values[] }[];
  readonly add: (table: string, values: Values) => Values;
  readonly maybe: <T>(probability: number, value: () => T) => T | null;
  readonly fen: () => number;
  readonly near: () => string;
  readonly spell: () => Values;
  readonly source: () => Values;
}

/** What civil affairs records beside the programmes; some of it happened far from home. */
function civilAffairs({ random, persons, households, add, maybe, fen, near, spell, source }: Drawing): void {
  const delivered = (): Values => ({ ...source(), ended_on: maybe(0.2, near) });
  const householdId = (): unknown => maybe(0.7, () => random.pick(households).household['id']);
  const somewhere = (person: Values): Values => placeOf(random.chance(0.6) ? person : random.pick(persons));
  for (const person of persons) {
    const of = { person_id: person['id'] };
    if (random.chance(0.5))
      add('related_status', {
        ...of,
        kind: random.pick(['ORPHAN', 'SEVERE_DISABLED_CARE_SUBSIDY', 'LEFT_BEHIND_CHILD']),
        grade: maybe(0.4, () => '一级'),
        certificate_no: maybe(0.4, () => 'G1'),
        amount_fen: maybe(0.6, fen),
        ...spell(),
        ...delivered(),
      });
    if (random.chance(0.3))
      add('legacy_certificate', {
        ...of,
        kind: 'RURAL_HARDSHIP',
        certificate_no: 'N-7',
        issuer: maybe(0.5, () => '县民政局'),
        issued_on: maybe(0.5, () => '2005-06-01'),
        valid_to: maybe(0.5, () => '2007-12-31'),
        support_mode: null,
        programme: maybe(0.8, () => 'LEGACY_RURAL_HARDSHIP'),
        mapping_basis: maybe(0.8, () => '甘政发〔2005〕二（四）'),
        ...delivered(),
      });
    if (random.chance(0.4)) {
      const first = random.chance(0.5);
      add('temporary_aid_case', {
        ...of,
        household_id: householdId(),
        kind: first ? 'URGENT' : 'EXPENDITURE',
        cause: maybe(0.6, () => '火灾'),
        applied_on: maybe(0.5, near),
        decided_on: near(),
        aid_first: first,
        fast_track: random.chance(0.3),
        papers_due_on: maybe(0.7, near),
        papers_on: maybe(0.4, near),
        grant_key: maybe(0.5, () => 'LS-1'),
        ...somewhere(person),
        ...delivered(),
      });
    }
    if (random.chance(0.4))
      add('disaster_relief', {
        ...of,
        household_id: householdId(),
        event_code: 'E-2026-07',
        report_version: random.whole(1, 3),
        superseded: random.chance(0.4),
        phase: random.pick(['EMERGENCY', 'WINTER_SPRING']),
        family_type: maybe(0.5, () => '低保户'),
        family_size: maybe(0.7, () => 4),
        needy_count: maybe(0.7, () => 3),
        address: maybe(0.7, () => '上湾村'),
        houses_lost: maybe(0.5, () => 2),
        in_temporary_shelter: maybe(0.7, () => random.chance(0.5)),
        mode: maybe(0.7, () => 'CASH'),
        cash_fen: maybe(0.7, fen),
        kind_description: maybe(0.3, () => '棉被'),
        kind_value_fen: maybe(0.3, fen),
        insurance_fen: maybe(0.3, fen),
        reported_on: near(),
        ...somewhere(person),
        ...delivered(),
      });
    if (random.chance(0.3)) {
      const known = random.chance(0.5);
      const left = random.chance(0.5);
      add('shelter_stay', {
        ...of,
        station: '市救助管理站',
        entered_on: '2026-06-30',
        entry_mode: random.pick(['SELF', 'POLICE']),
        left_on: left ? '2026-07-01' : null,
        exit_mode: left ? 'ESCORTED' : null,
        minor: random.chance(0.2),
        origin_known: known,
        origin_region: known ? '360199000000' : null,
        health: random.pick(['HEALTHY', 'UNKNOWN']),
        home_asked_on: maybe(0.5, near),
        home_due_on: maybe(0.5, near),
        home_answered_on: maybe(0.3, near),
        home_answer: maybe(0.3, () => 'ACCEPTED'),
        ...somewhere(person),
        ...delivered(),
      });
    }
    if (random.chance(0.3))
      add('charity_aid', {
        ...of,
        donor: '县慈善协会',
        donor_uscc: maybe(0.5, () => '51620000MB0000000A'),
        project: maybe(0.5, () => '暖冬'),
        given_on: near(),
        cash_fen: maybe(0.6, fen),
        kind_description: '大米',
        kind_value_fen: maybe(0.6, fen),
        ...delivered(),
      });
  }
}

/** What health and housing record beside bills and homes. */
function healthAndHousing({ random, persons, households, add, maybe, fen, near, spell, source }: Drawing): void {
  const delivered = (): Values => ({ ...source(), ended_on: maybe(0.2, near) });
  for (const person of persons) {
    const of = { person_id: person['id'] };
    if (random.chance(0.6)) {
      const aided = random.chance(0.5);
      add('insured_record', {
        ...of,
        ...spell(),
        insured_type: random.pick(['EMPLOYEE', 'RESIDENT']),
        premium_fen: 40_000,
        aided_as: aided ? random.pick(['TEKUN', 'DIBAO', 'ORPHAN']) : null,
        premium_aid_mode: aided ? random.pick(['FULL', 'FIXED']) : null,
        premium_aid_fen: aided ? random.whole(0, 40_000) : null,
        ...delivered(),
      });
    }
    if (random.chance(0.5)) {
      const parts = { insurance_fen: fen(), aid_fen: fen(), self_fen: fen(), fund_fen: 1 + fen(), unpaid_fen: fen() };
      add('emergency_case', {
        ...of,
        hospital: '人民医院',
        arrived_on: near(),
        identity_known: random.chance(0.5),
        found_at: maybe(0.5, () => '车站'),
        description: maybe(0.5, () => '灰色外套'),
        total_fen: Object.values(parts).reduce((sum, part) => sum + part, 0),
        ...parts,
        fund_paid_on: maybe(0.5, near),
        ...delivered(),
      });
    }
    if (random.chance(0.4)) {
      add('death_report', {
        ...of,
        died_on: near(),
        certified_by: random.pick(['HOSPITAL', 'FUNERAL_HOME']),
        institution: '殡仪馆',
        certificate_no: maybe(0.5, () => 'SW1'),
        ...delivered(),
      });
    }
    const home = { ...of, household_id: maybe(0.7, () => random.pick(households).household['id']) };
    if (random.chance(0.5)) {
      add('public_rental', {
        ...home,
        ...spell(),
        unit_code: 'F-1',
        address: maybe(0.7, () => '安居小区'),
        area_m2: random.pick(['36.00', '48.55']),
        rent_fen: 30_000,
        relief_fen: random.pick([0, 12_345, 30_000]),
        ...delivered(),
      });
    }
    if (random.chance(0.5)) {
      add('rent_subsidy', {
        ...home,
        amount_fen: 1 + fen(),
        month_from: random.pick(['2025-12', '2026-01']),
        month_to: maybe(0.5, () => '2026-11'),
        ...delivered(),
      });
    }
    if (random.chance(0.5)) {
      const done = random.chance(0.4);
      add('dilapidated_house', {
        ...home,
        house_code: `N-${random.uuid(1_790_000_000_000)}`,
        address: maybe(0.7, () => '兴隆村'),
        grade: random.pick(['C', 'D']),
        surveyed_on: random.pick(['2025-01-01', '2026-06-30']),
        reconstruction: done ? random.pick(['REPAIRED', 'REBUILT']) : null,
        reconstructed_on: done ? '2026-11-21' : null,
        ...delivered(),
      });
    }
  }
}

/** Vouchers and fees, courses, posts, refusals and service, from dice of their own. */
function drawSchoolFeesAndWork(
  random: Random,
  persons: readonly Values[],
  add: (table: string, values: Values) => Values,
  source: () => Values,
): void {
  const maybe = <T>(probability: number, value: () => T): T | null => (random.chance(probability) ? value() : null);
  const day = (): string => random.pick(DAYS);
  const uscc = '11620000MB0000000A';
  const term = (): string => random.pick(['2025-2', '2026-1', '2026-2']);
  const fees = (): string[] | null => maybe(0.7, () => random.pick([['TUITION'], ['BOARDING', 'SUNDRY'], []]));
  for (const { id } of persons) {
    const row = (): Values => ({ person_id: id, ended_on: maybe(0.2, () => '2026-10-31'), ...source() });
    const redeemed = random.chance(0.5);
    if (random.chance(0.4))
      add('education_voucher', {
        ...row(),
        term: term(),
        face_value_fen: random.whole(1, 90_000),
        fees: fees(),
        issued_on: '2025-01-01',
        redeemed_on: redeemed ? day() : null,
        redeemed_school: redeemed ? '第一小学' : null,
      });
    if (random.chance(0.4))
      add('fee_deferral', {
        ...row(),
        kind: random.pick(['GREEN_CHANNEL', 'DEFERRED']),
        school_name: '某某大学',
        term: term(),
        fees: fees(),
        amount_fen: random.whole(1, 900_000),
        granted_on: '2025-01-01',
        due_on: maybe(0.5, day),
        settled_on: maybe(0.3, day),
      });
    if (random.chance(0.3))
      add('training_record', {
        ...row(),
        course: '焊工',
        from_on: '2025-01-01',
        to_on: maybe(0.6, day),
        provider_uscc: uscc,
        certificate_no: maybe(0.4, () => 'Z-1'),
        subsidy_claimed: random.chance(0.5),
      });
    if (random.chance(0.3))
      add('public_post', {
        ...row(),
        post: '保洁员',
        employer_uscc: uscc,
        valid_from: random.pick(['2025-01-01', '2026-07-01', TODAY, '2026-11-23']),
        valid_to: maybe(0.5, () => '2027-03-01'),
      });
    for (let i = random.pick([0, 0, 1, 3, 4, 5]); i > 0; i--) {
      const justified = random.chance(0.2);
      add('work_refusal', {
        ...row(),
        offer: '理货员',
        employer_uscc: maybe(0.5, () => uscc),
        refused_on: day(),
        justified,
        reason: justified ? '患病' : null,
      });
    }
    if (random.chance(0.3))
      add('community_service', {
        ...row(),
        served_on: day(),
        organiser: '某某社区',
        attended: random.chance(0.7),
        hours: maybe(0.7, () => random.pick(['0.5', '4.0'])),
      });
  }
  const feed = { source_system: 'renshe', department: 'LABOUR', record: 'EMPLOYMENT' };
  add('feed', { ...feed, as_of: '2026-11-21T00:00:00Z', rhythm_hours: random.pick([12, 744]) });
}

const DAYS = ['2025-01-01', '2026-06-30', '2026-07-01', '2026-11-21', TODAY, '2026-11-23', '2027-03-01'];
const NAMES = ['王小明', '李四', '欧阳修文', '买买提·艾力', '𬎆大山', '张', 'Li Wei'];
// A mobile number, a landline with its area code, one without, and what somebody typed.
const PHONES = ['13912345678', '0931-8234567', '8234567', '12345'];
const CERTIFICATES = ['62019919870506123X41', '62019919870506123X4', '41', '7'];
const ACCOUNTS = ['6222021234567890', '62220212', '7890', '12'];
const PROGRAMMES = ['DIBAO', 'TEKUN', 'DIBAO_EDGE', 'TEMPORARY_AID', 'LEGACY_RURAL_HARDSHIP'] as const;
const PLACE_COLUMNS = ['region_code', 'township_code', 'county_code', 'prefecture_code', 'province_code'] as const;

const placeOf = (row: Values): Values => Object.fromEntries(PLACE_COLUMNS.map((column) => [column, row[column]]));

/** Two townships in each of two counties in each of two prefectures of each province; villages, and unknown townships. */
async function placesOf(pool: Pool, random: Random): Promise<Place[]> {
  const { rows } = await pool.query<{ township: string; county: string; prefecture: string; province: string }>(
    `select code as township, county_code as county, prefecture_code as prefecture, province_code as province
     from region where level = 'TOWNSHIP' and county_code is not null and prefecture_code is not null order by code`,
  );
  const some = <T>(list: readonly T[], count: number): T[] => {
    const start = random.whole(0, Math.max(0, list.length - count));
    return list.slice(start, start + count);
  };
  const unique = (key: 'county' | 'prefecture' | 'province', within: typeof rows): string[] => [
    ...new Set(within.map((row) => row[key])),
  ];
  return unique('province', rows).flatMap((province) => {
    const here = rows.filter((row) => row.province === province);
    const prefectures = some(unique('prefecture', here), 2);
    const counties = prefectures.flatMap((prefecture) =>
      some(
        unique(
          'county',
          here.filter((row) => row.prefecture === prefecture),
        ),
        2,
      ),
    );
    return counties.flatMap((county) =>
      some(
        here.filter((row) => row.county === county),
        2,
      ).flatMap(({ township, prefecture }): Place[] => {
        const above = { county_code: county, prefecture_code: prefecture, province_code: province };
        return [
          { region_code: township, township_code: township, ...above },
          { region_code: `${township.slice(0, 9)}201`, township_code: township, ...above },
          { region_code: county, township_code: null, ...above },
        ];
      }),
    );
  });
}

async function insert(pool: Pool, table: string, rows: readonly Values[]): Promise<void> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(', ');
  await pool.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}
