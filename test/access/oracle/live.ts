/** What a department's own server would say of a person: here none is connected, and the answer says so. */
import type { Link, Noun, Row } from './nouns.ts';

const PLACE = ['region_code', 'township_code', 'county_code', 'prefecture_code', 'province_code'];

const nothing = () => null;

const answer = (...members: readonly string[]): Noun => ({
  table: '',
  person: 'person_id',
  place: true,
  values: {
    freshness: () => 'UNAVAILABLE',
    reason: () => 'NOT_CONFIGURED',
    answeredAt: nothing,
    ...Object.fromEntries(members.map((member) => [member, nothing])),
  },
  links: {},
});

/** The answers by type. */
export const LIVE: Readonly<Record<string, Noun>> = {
  LiveEmployment: answer('known', 'status', 'registeredOn'),
  LiveInsurance: answer('known', 'insuredType', 'paidThrough'),
};

/** The question about a person: one answer, about that very row. */
export const asked = (to: string): Link => ({
  to,
  many: 'one',
  rows: (person: Row) => [
    { person_id: person['id'], ...Object.fromEntries(PLACE.map((column) => [column, person[column]])) },
  ],
});
