import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ageOn, dateOf, dayOf, monthEnd, monthStart, termOf } from '../../seeds/synthetic/calendar.ts';
import { PERSONS_BY_PROGRAMME, type ProgrammeName } from '../../seeds/synthetic/figures.ts';
import { bornFor, compose } from '../../seeds/synthetic/households.ts';
import { drawLife } from '../../seeds/synthetic/lifecycle.ts';
import { Random, weighted } from '../../seeds/synthetic/random.ts';
import { isId } from '../../src/platform/id.ts';

const TODAY = dayOf('2026-11-22');
const seed = fc.integer();
const programme = fc.constantFrom(...(Object.keys(PERSONS_BY_PROGRAMME) as ProgrammeName[]));

test('streams of one seed are the same each time and differ from each other', () => {
  const draw = (of: Random) => Array.from({ length: 20 }, () => of.word());
  expect(draw(new Random(1, 'person'))).toEqual(draw(new Random(1, 'person')));
  expect(draw(new Random(1, 'person'))).not.toEqual(draw(new Random(1, 'name')));
  expect(draw(new Random(1, 'person'))).not.toEqual(draw(new Random(2, 'person')));
});

test('ids have the shape of UUIDs of version 7 and the order of their instants', () => {
  fc.assert(
    fc.property(seed, fc.integer({ min: 0, max: 2 ** 42 }), fc.integer({ min: 1, max: 1e9 }), (s, at, later) => {
      const random = new Random(s, 'id');
      const [a, b] = [random.uuid(at), random.uuid(at + later)];
      expect(isId(a)).toBe(true);
      expect(Number.parseInt(a.replace('-', '').slice(0, 12), 16)).toBe(at);
      expect(a < b).toBe(true);
    }),
  );
});

test('a table of weights is drawn from as the weights say', () => {
  const random = new Random(1, 'test');
  const draw = weighted({ a: 70, b: 30, never: 0 });
  const drawn = Array.from({ length: 10_000 }, () => draw(random));
  expect(drawn.filter((word) => word === 'a').length / drawn.length).toBeCloseTo(0.7, 1);
  expect(drawn).not.toContain('never');
});

test('a household has the size asked for, one head, at most one spouse of the other sex, and nobody of an odd age', () => {
  fc.assert(
    fc.property(seed, fc.integer({ min: 1, max: 5 }), fc.boolean(), programme, (s, size, urban, which) => {
      const members = compose(new Random(s, 'household'), size, which, urban);
      const [head, ...others] = members;
      expect(members.length).toBe(size);
      expect(head?.relation).toBe('02');
      const spouses = others.filter(({ relation }) => relation === '10');
      expect(spouses.length).toBeLessThanOrEqual(1);
      for (const spouse of spouses) expect(spouse.sex).not.toBe(head?.sex);
      for (const { relation, sex, age } of others) {
        expect(age).toBeGreaterThanOrEqual(0);
        if (['20', '30'].includes(relation)) expect(age).toBeLessThan(head?.age ?? 0);
        if (['51', '52'].includes(relation)) expect(age).toBeGreaterThan(head?.age ?? 0);
        // The sons', fathers' and brothers' codes are men's, the others women's.
        if (['20', '41', '51', '61', '71', '73'].includes(relation)) expect(sex).toBe('1');
        if (['30', '42', '52', '62', '75', '77'].includes(relation)) expect(sex).toBe('2');
      }
    }),
  );
});

test('whoever is so many years old was born on a day that makes them so', () => {
  fc.assert(
    fc.property(
      seed,
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: TODAY - 400, max: TODAY + 400 }),
      (s, age, today) => {
        expect(ageOn(bornFor(new Random(s, 'person'), age, today), today)).toBe(age);
      },
    ),
  );
});

test('the spans of an enrolment lie within it, apart from each other, and its events are in order', () => {
  fc.assert(
    fc.property(seed, programme, (s, which) => {
      const life = drawLife(new Random(s, 'enrolment'), which, TODAY);
      expect(life.from).toBeLessThanOrEqual(life.to ?? Infinity);
      expect(life.status === 'STOPPED').toBe(life.to !== null && life.to < TODAY);
      let last = life.from - 1;
      for (const { from, to } of life.spans) {
        expect(from).toBeGreaterThan(last);
        last = to ?? Infinity;
        expect(last).toBeGreaterThanOrEqual(from);
      }
      expect(last).toBeLessThanOrEqual(life.to ?? Infinity);
      const days = life.events.map(({ on }) => on);
      expect(days).toEqual([...days].sort((a, b) => a - b));
      expect(life.events[0]).toMatchObject({ kind: 'NEW', on: life.from });
      expect(Math.max(...days)).toBeLessThanOrEqual(TODAY);
    }),
  );
});

test('the calendar counts months and terms as a school does', () => {
  expect(dateOf(monthStart(dayOf('2026-01-31'), -1))).toBe('2025-12-01');
  expect(dateOf(monthEnd(dayOf('2024-02-01')))).toBe('2024-02-29');
  expect([termOf(dayOf('2026-11-22')), termOf(dayOf('2027-01-10')), termOf(dayOf('2027-03-01'))]).toEqual([
    '2026-1',
    '2026-1',
    '2026-2',
  ]);
  fc.assert(fc.property(fc.integer({ min: -40_000, max: 40_000 }), (day) => expect(dayOf(dateOf(day))).toBe(day)));
});
