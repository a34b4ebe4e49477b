/** What the departments record of a person. Each maker writes one row and says what a grant may rest on. */
import { dateOf, monthOf, termOf } from './calendar.ts';
import { easeFees } from './education-records.ts';
import { recordService } from './labour-records.ts';
import type { Person } from './people.ts';
import { cells } from './sheets.ts';
import { type Random, weighted } from './random.ts';
import type { World } from './world.ts';

/** A stage of schooling with its ages and what its schools are called. */
const STAGES = {
  PRESCHOOL: { from: 3, school: '中心幼儿园' },
  PRIMARY: { from: 6, school: '中心小学' },
  JUNIOR: { from: 12, school: '初级中学' },
  SENIOR: { from: 15, school: '高级中学' },
  VOCATIONAL: { from: 15, school: '职业中等专业学校' },
  UNDERGRADUATE: { from: 18, school: '学院' },
  POSTGRADUATE: { from: 22, school: '大学' },
} as const;
/** A stage of schooling. */
export type Stage = keyof typeof STAGES;

/** A student as a grant sees them. */
export interface Student {
  readonly stage: Stage;
  readonly boarding: boolean;
}

/** Records somebody as a student of the current term, some of them of the last one as well. */
export function enrolStudent(world: World, person: Person): Student {
  const random = world.dice.education;
  const stage = stageFor(random, person.age);
  const { from, school } = STAGES[stage];
  const boarding = random.chance(BOARDING[stage]);
  const county = person.place.countyCode.slice(0, 6);
  // A school's number: county, kind, running number. Few schools, many students.
  const number = random.whole(1, 40);
  const code = `${county}${String(Object.keys(STAGES).indexOf(stage) + 1)}${String(number).padStart(4, '0')}`;
  const name = `${SCHOOL_AREA[stage](person)}第${number}${school}`;
  const grade = Math.min(6, Math.max(1, person.age - from + 1));
  const terms = random.chance(0.25) ? [world.today - 190, world.today] : [world.today];
  for (const day of terms) {
    const level = day === world.today ? grade : Math.max(1, grade - 1);
    const key = world.provenance('education', 'S');
    world.sheets.add('student_record', [
      world.id('student_record'),
      person.id,
      stage,
      code,
      name,
      level,
      boarding,
      termOf(day),
      key,
    ]);
  }
  easeFees(world, person, { stage, schoolName: name });
  return { stage, boarding };
}

const BOARDING: Readonly<Record<Stage, number>> = {
  PRESCHOOL: 0,
  PRIMARY: 0.15,
  JUNIOR: 0.5,
  SENIOR: 0.7,
  VOCATIONAL: 0.8,
  UNDERGRADUATE: 1,
  POSTGRADUATE: 1,
};

const SCHOOL_AREA: Readonly<Record<Stage, (person: Person) => string>> = {
  PRESCHOOL: ({ place }) => place.townshipName,
  PRIMARY: ({ place }) => place.townshipName,
  JUNIOR: ({ place }) => place.countyName,
  SENIOR: ({ place }) => place.countyName,
  VOCATIONAL: ({ place }) => place.countyName,
  UNDERGRADUATE: ({ place }) => place.provinceName,
  POSTGRADUATE: ({ place }) => place.provinceName,
};

function stageFor(random: Random, age: number): Stage {
  if (age < 6) return 'PRESCHOOL';
  if (age < 12) return 'PRIMARY';
  if (age < 15) return 'JUNIOR';
  if (age < 18) return random.chance(0.6) ? 'SENIOR' : 'VOCATIONAL';
  return age < 23 ? 'UNDERGRADUATE' : 'POSTGRADUATE';
}

/** A bill as a grant sees it; amounts in fen. */
export interface Settlement {
  readonly on: number;
  readonly aidFen: number;
  readonly selfFen: number;
  readonly inpatient: boolean;
}

const SERIOUS = [
  '恶性肿瘤',
  '终末期肾病',
  '脑梗死',
  '急性心肌梗死',
  '重症肺炎',
  '严重精神障碍',
  '白血病',
  '股骨颈骨折',
];
const ORDINARY = [
  '高血压',
  '2型糖尿病',
  '慢性阻塞性肺疾病',
  '上呼吸道感染',
  '腰椎间盘突出',
  '阑尾炎',
  '白内障',
  '肺炎',
];

/** Records one stay or visit and how its bill was split. Medical aid is for recipients; the parts add up to the fen. */
export function settleBill(world: World, person: Person, options: { big: boolean; recipient: boolean }): Settlement {
  const { big, recipient } = options;
  const random = world.dice.medical;
  const inpatient = big || random.chance(0.4);
  const on = Math.max(person.born, world.today - random.whole(5, 360));
  const discharged = inpatient ? Math.min(world.today, on + random.whole(big ? 8 : 3, big ? 60 : 14)) : on;
  const typical = big ? 68_000 : inpatient ? 6_200 : 420;
  const total = Math.round(Math.max(big ? 30_000 : 15, typical * random.spread(0.45)) * 100);
  const inPolicy = Math.round(total * (0.72 + 0.2 * random.fraction()));
  const basic = Math.round(inPolicy * (inpatient ? 0.55 + 0.2 * random.fraction() : 0.5));
  const major = Math.max(0, Math.round((inPolicy - basic - 10_000_00) * 0.6));
  const aid = recipient && inpatient ? Math.round((inPolicy - basic - major) * 0.7) : 0;
  const other = random.chance(0.04) ? Math.round((total - basic - major - aid) * 0.1) : 0;
  const self = total - basic - major - aid - other;
  world.sheets.add('medical_settlement', [
    world.id('medical_settlement'),
    person.id,
    !recipient && random.chance(0.3) ? 'EMPLOYEE' : 'RESIDENT',
    inpatient ? 'INPATIENT' : 'OUTPATIENT',
    world.date(on),
    world.date(discharged),
    random.pick(big ? SERIOUS : ORDINARY),
    big,
    cells(total, inPolicy, basic, major, aid, other, self),
    world.provenance('medical-security', 'B'),
  ]);
  return { on: discharged, aidFen: aid, selfFen: self, inpatient };
}

const tenureOf = {
  RURAL: weighted({ OWNED: 92, PUBLIC_RENTAL: 0.5, PRIVATE_RENTAL: 3, NONE: 4.5 }),
  URBAN: weighted({ OWNED: 45, PUBLIC_RENTAL: 25, PRIVATE_RENTAL: 24, NONE: 6 }),
};
const dangerOf = weighted({ A: 40, B: 35, C: 15, D: 10 });

/** A home as a grant sees it. */
export interface Home {
  readonly tenure: string;
  readonly danger: string | null;
}

/** Records where somebody lives, for them and their household. */
export function registerHome(world: World, person: Person, householdId: string | null, urban: boolean): Home {
  const random = world.dice.housing;
  const tenure = tenureOf[urban ? 'URBAN' : 'RURAL'](random);
  const danger = tenure === 'OWNED' && !urban ? dangerOf(random) : null;
  const area = tenure === 'NONE' ? '0.00' : (random.whole(1800, 14_000) / 100).toFixed(2);
  world.sheets.add('housing_record', [
    world.id('housing_record'),
    person.id,
    householdId,
    tenure,
    area,
    danger,
    tenure === 'NONE' ? null : person.address,
    world.provenance('housing', 'U'),
  ]);
  return { tenure, danger };
}

const TRAININGS = ['电工', '家政服务', '养老护理', '焊工', '中式烹调', '电子商务', '保育'];

/** Records somebody with the employment office; says whether they are without work. */
export function registerWorker(world: World, person: Person, chanceOfWork: number): { jobless: boolean } {
  const random = world.dice.labour;
  const works = random.chance(chanceOfWork);
  const status = works ? 'EMPLOYED' : JOBLESS(random);
  const employerUscc = works ? employer(random) : null;
  const registered = dateOf(world.today - random.whole(20, 900));
  const training = random.chance(0.2)
    ? `${random.pick(TRAININGS)} ${monthOf(world.today - random.whole(30, 500))}`
    : null;
  const count = works ? 0 : Number(refusals(random));
  world.sheets.add('employment_record', [
    world.id('employment_record'),
    person.id,
    status,
    employerUscc,
    registered,
    training,
    count,
    world.provenance('labour', 'W'),
  ]);
  recordService(world, person, { status, refusals: count, organisation: () => employer(world.dice.work) });
  return { jobless: !works };
}

const JOBLESS = weighted({ REGISTERED_JOBLESS: 45, HARD_TO_EMPLOY: 35, NOT_IN_LABOUR_FORCE: 20 });
const refusals = weighted({ '0': 80, '1': 13, '2': 5, '3': 2 });

const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A unified social credit code (GB 32100) of no organisation: its county is not assigned. */
function employer(random: Random): string {
  let code = `91620199MA`;
  while (code.length < 17) code += USCC_ALPHABET.charAt(random.whole(0, 30));
  let sum = 0;
  for (let i = 0, weight = 1; i < 17; i++, weight = (weight * 3) % 31)
    sum += USCC_ALPHABET.indexOf(code.charAt(i)) * weight;
  return code + USCC_ALPHABET.charAt((31 - (sum % 31)) % 31);
}
