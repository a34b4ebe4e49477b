/** Who lives together: how many, how old, how related. Pure; the figures are in figures.ts. */
import { monthStart } from './calendar.ts';
import { HEAD, OTHERS, type ProgrammeName, sizeOf, tekunSize } from './figures.ts';
import type { Random } from './random.ts';

/** One member before they become a person. */
export interface MemberSketch {
  /** GB/T 4761, seen from the head; 02 is the head. */
  readonly relation: string;
  readonly sex: '1' | '2';
  readonly age: number;
}

type AgeClass = 'minor' | 'adult' | 'aged';

/** How many persons a household has. */
export function drawSize(random: Random, programme: ProgrammeName | null, urban: boolean): number {
  return Number(programme === 'TEKUN' ? tekunSize(random) : sizeOf[urban ? 'URBAN' : 'RURAL'](random));
}

/** The members of a household of the given size; the head comes first. */
export function compose(random: Random, size: number, programme: ProgrammeName | null, urban: boolean): MemberSketch[] {
  const kind = urban ? 'URBAN' : 'RURAL';
  const heads = HEAD[programme === 'TEKUN' ? 'TEKUN' : kind];
  const classes: AgeClass[] = [classOf(random, heads.minor, heads.aged)];
  while (classes.length < size) classes.push(classOf(random, OTHERS[kind].minor, OTHERS[kind].aged));
  const [headClass = 'adult', ...others] = classes;
  const head: MemberSketch = {
    relation: '02',
    sex: random.chance(heads.female) ? '2' : '1',
    age: headAge(random, headClass, others),
  };
  const members = [head];
  for (const other of others) members.push(beside(random, head, other, members));
  return members;
}

function classOf(random: Random, minor: number, aged: number): AgeClass {
  const draw = random.fraction();
  if (draw < minor) return 'minor';
  return draw < minor + aged ? 'aged' : 'adult';
}

function headAge(random: Random, own: AgeClass, others: readonly AgeClass[]): number {
  if (own === 'minor') return random.whole(8, 17);
  if (own === 'aged') return agedAge(random);
  // Who has children at home is old enough for them.
  return others.includes('minor') ? random.whole(34, 59) : random.whole(24, 59);
}

function agedAge(random: Random): number {
  return 60 + Math.min(random.whole(0, 34), random.whole(0, 34));
}

function beside(random: Random, head: MemberSketch, own: AgeClass, members: readonly MemberSketch[]): MemberSketch {
  const married = members.some((member) => member.relation === '10');
  const sex = random.chance(0.5) ? '2' : '1';
  const spouse = { relation: '10', sex: head.sex === '1' ? '2' : '1' } as const;
  if (own === 'minor') {
    if (head.age < 18) return { relation: sex === '1' ? '73' : '77', sex, age: random.whole(0, head.age) };
    if (head.age >= 60) return { relation: sex === '1' ? '41' : '42', sex, age: random.whole(2, 17) };
    return { relation: sex === '1' ? '20' : '30', sex, age: random.whole(0, Math.min(17, head.age - 20)) };
  }
  if (own === 'aged') {
    if (head.age >= 60 && !married) return { ...spouse, age: Math.max(60, head.age + random.whole(-5, 5)) };
    if (head.age < 18) return { relation: sex === '1' ? '61' : '62', sex, age: agedAge(random) };
    if (head.age < 60)
      return { relation: sex === '1' ? '51' : '52', sex, age: Math.max(60, head.age + random.whole(18, 32)) };
    return { relation: sex === '1' ? '71' : '75', sex, age: agedAge(random) };
  }
  if (head.age >= 24 && head.age < 60 && !married) {
    return { ...spouse, age: Math.min(59, Math.max(20, head.age + random.whole(-6, 4))) };
  }
  if (head.age >= 38)
    return { relation: sex === '1' ? '20' : '30', sex, age: random.whole(18, Math.min(59, head.age - 18)) };
  return { relation: sex === '1' ? '73' : '77', sex, age: random.whole(18, 45) };
}

/** A day of birth for somebody who is so many years old today. */
export function bornFor(random: Random, age: number, today: number): number {
  // Between the birthday of age + 1 (excluded) and that of age; month starts keep 29 February out of the way.
  const from = monthStart(today, -12 * (age + 1)) + 31;
  const to = monthStart(today, -12 * age);
  return random.whole(from, Math.max(from, to - 1));
}
