/** What labour records beside a registration: courses, posts, refusals, community service. In a stream of its own. */
import { dateOf } from './calendar.ts';
import type { Person } from './people.ts';
import type { World } from './world.ts';

/** A registration with the employment service. */
interface Registration {
  readonly status: string;
  /** Unjustified refusals that it counts. */
  readonly refusals: number;
  /** A code of an organisation, another one each time. */
  readonly organisation: () => string;
}

const COURSES = ['养老护理', '家政服务', '电工', '焊工', '中式烹调', '电子商务', '保育'];
const POSTS = ['乡村保洁员', '社区协管员', '护林员', '道路养护员'];
const OFFERS = ['超市理货员', '餐厅服务员', '仓库保管员', '物业保洁员'];

/** Records what the employment service did for somebody. Each refusal that the registration counts is a row. */
export function recordService(world: World, person: Person, { status, refusals, organisation }: Registration): void {
  const random = world.dice.work;
  const { sheets, today } = world;
  if (random.chance(0.08)) {
    const from = today - random.whole(40, 500);
    const certified = random.chance(0.8);
    sheets.add('training_record', [
      world.id('training_record'),
      person.id,
      random.pick(COURSES),
      dateOf(from),
      dateOf(from + random.whole(5, 39)),
      organisation(),
      certified ? `PX${String(world.number('certificate')).padStart(8, '0')}` : null,
      certified && random.chance(0.7),
      world.provenance('labour', 'T'),
    ]);
  }
  if (status === 'EMPLOYED') return;
  if (status === 'HARD_TO_EMPLOY' && random.chance(0.1)) {
    const from = today - random.whole(30, 700);
    sheets.add('public_post', [
      world.id('public_post'),
      person.id,
      random.pick(POSTS),
      organisation(),
      dateOf(from),
      random.chance(0.2) ? dateOf(from + random.whole(5, 29)) : null,
      world.provenance('labour', 'P'),
    ]);
  }
  const refuse = (justified: boolean): void => {
    sheets.add('work_refusal', [
      world.id('work_refusal'),
      person.id,
      random.pick(OFFERS),
      organisation(),
      dateOf(today - random.whole(10, 300)),
      justified,
      justified ? random.pick(['患病', '照料家人']) : null,
      world.provenance('labour', 'R'),
    ]);
  };
  for (let i = 0; i < refusals; i++) refuse(false);
  if (random.chance(0.03)) refuse(true);
  if (random.chance(0.05)) {
    const attended = random.chance(0.9);
    sheets.add('community_service', [
      world.id('community_service'),
      person.id,
      dateOf(today - random.whole(5, 200)),
      `${person.place.townshipName}社区居委会`,
      attended,
      attended ? String(random.whole(2, 8)) : null,
      world.provenance('labour', 'C'),
    ]);
  }
}
