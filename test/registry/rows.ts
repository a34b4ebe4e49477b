/** Rows for tests that look at the tables themselves: the least that a row needs, the rest as the test says. */
import { makeResidentId } from '../../seeds/synthetic/resident-id.ts';
import type { Pool } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/id.ts';
import { nameKey } from '../../src/registry/index.ts';
import { readAbsent } from '../../src/server/department-modules.ts';

export type Values = Readonly<Record<string, unknown>>;

/** A place in a county that is not assigned. */
export const PLACE: Values = {
  region_code: '620199001001',
  township_code: '620199001000',
  county_code: '620199000000',
  prefecture_code: '620100000000',
  province_code: '620000000000',
};

/** Where a row came from; each row has a key of its own. */
export const delivered = (): Values => ({
  source_system: 'test',
  source_key: newId(),
  as_of: '2026-09-01T00:00:00Z',
});

/** Tables of departments whose module is not installed. */
const ABSENT = new Set(
  [...readAbsent().names].map((type) => type.replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`).slice(1)),
);

/**
 * Writes rows as the owner of the tables, each with an id of its own; every function gives the id back. A row of a
 * department whose module is not installed is written nowhere.
 */
export function rowsIn(pool: Pool) {
  const insert = async (table: string, values: Values): Promise<string> => {
    const row: Values = { id: newId(), ...values };
    if (ABSENT.has(table)) return String(row['id']);
    const names = Object.keys(row);
    await pool.query(
      `insert into ${table} (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
      Object.values(row),
    );
    return String(row['id']);
  };
  return {
    insert,
    person: (values: Values = {}) =>
      insert('person', { name: '张三', name_key: nameKey('张三'), sex: '1', ...PLACE, ...delivered(), ...values }),
    residentId: async (personId: string, birthDate: string, sequence: number, values: Values = {}): Promise<string> => {
      const number = makeResidentId('620199', birthDate, sequence);
      await insert('person_identifier', {
        person_id: personId,
        type: 'RESIDENT_ID',
        value: number,
        match_key: number,
        verified: true,
        ...delivered(),
        ...values,
      });
      return number;
    },
    household: (values: Values = {}) =>
      insert('household', { urban_rural: 'RURAL', member_count: 1, ...PLACE, ...delivered(), ...values }),
    membership: (values: Values) =>
      insert('membership', {
        relation: '01',
        role: 'APPLICANT',
        valid_from: '2026-01-01',
        ...delivered(),
        ...values,
      }),
    enrolment: (values: Values) =>
      insert('enrolment', {
        programme: 'DIBAO',
        urban_rural: 'RURAL',
        category: 'A',
        amount_fen: 60000,
        top_up_fen: 0,
        causes: ['ILLNESS'],
        status: 'ACTIVE',
        valid_from: '2026-01-01',
        ...PLACE,
        ...delivered(),
        ...values,
      }),
    recipient: (values: Values) =>
      insert('recipient', {
        programme: 'DIBAO',
        urban_rural: 'RURAL',
        category: 'A',
        valid_from: '2026-01-01',
        ...PLACE,
        ...delivered(),
        ...values,
      }),
    settlement: (values: Values) =>
      insert('medical_settlement', {
        insured_type: 'RESIDENT',
        visit: 'INPATIENT',
        admitted_on: '2026-03-01',
        discharged_on: '2026-03-08',
        diagnosis: '肺炎',
        serious_illness: true,
        total_fen: 0,
        in_policy_fen: 0,
        basic_fen: 0,
        major_fen: 0,
        aid_fen: 0,
        other_fen: 0,
        self_fen: 0,
        ...delivered(),
        ...values,
      }),
    grant: (values: Values) =>
      insert('aid_grant', {
        department: 'EDUCATION',
        source_key: newId(),
        version: 1,
        digest: Buffer.alloc(32),
        programme: 'EDUCATION_AID',
        mode: 'CASH',
        amount_fen: 150000,
        decided_on: '2026-09-01',
        state: 'CURRENT',
        reported_by: 'education.demo',
        reported_at: '2026-09-02T00:00:00Z',
        source_system: 'education.demo',
        as_of: '2026-09-02T00:00:00Z',
        ...PLACE,
        ...values,
      }),
  };
}
