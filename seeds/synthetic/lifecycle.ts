/** How an enrolment ran: when it began, what changed, when and whether it ended. Pure. */
import { monthEnd, monthStart } from './calendar.ts';
import { AGEING, ENDED, type ProgrammeName, RESTORED, SUSPENDED } from './figures.ts';
import type { Random } from './random.ts';

type EventKind = 'NEW' | 'ADJUST_UP' | 'ADJUST_DOWN' | 'SUSPEND' | 'STOP' | 'RESTORE';

/** A change of an enrolment; `share` is the amount after it, relative to today's. */
export interface LifeEvent {
  readonly kind: EventKind;
  readonly on: number;
  readonly share: number | null;
  readonly reason: string | null;
}

/** The whole run of an enrolment. Days; both ends included; null is open. */
export interface Life {
  readonly from: number;
  readonly to: number | null;
  readonly status: 'ACTIVE' | 'SUSPENDED' | 'STOPPED';
  /** When the members were recipients: a suspension makes a gap. */
  readonly spans: readonly { readonly from: number; readonly to: number | null }[];
  readonly events: readonly LifeEvent[];
}

const STOPPED_BECAUSE = ['家庭收入超过标准', '成员稳定就业', '成员死亡', '主动申请退出', '户籍迁出'];
const SUSPENDED_BECAUSE = ['复核期间暂停', '待核实财产', '失联'];
const TEN_YEARS = 120;

/** Draws the run of an enrolment in a programme. */
export function drawLife(random: Random, programme: ProgrammeName, today: number): Life {
  switch (programme) {
    case 'TEMPORARY_AID':
      return fixedTerm(random, today, random.whole(0, 10), random.whole(1, 3));
    // 刚性支出困难家庭认定办法 10: the finding holds for twelve months at most.
    case 'RIGID_EXPENDITURE':
      return fixedTerm(random, today, random.whole(0, 12), 12);
    case 'LEGACY_RURAL_HARDSHIP':
      return closed(monthStart(today, -12 * random.whole(18, 21)), monthEnd(today, -12 * random.whole(10, 14)));
    default:
      return openEnded(random, programme, today);
  }
}

function fixedTerm(random: Random, today: number, monthsAgo: number, months: number): Life {
  const from = monthStart(today, -monthsAgo);
  const to = monthEnd(from, months - 1);
  const begun: LifeEvent = { kind: 'NEW', on: from, share: 1, reason: null };
  if (to < today) return closed(from, to);
  return { from, to, status: 'ACTIVE', spans: [{ from, to }], events: [begun] };
}

function closed(from: number, to: number): Life {
  return {
    from,
    to,
    status: 'STOPPED',
    spans: [{ from, to }],
    events: [
      { kind: 'NEW', on: from, share: 1, reason: null },
      { kind: 'STOP', on: to, share: null, reason: '期满' },
    ],
  };
}

function openEnded(random: Random, programme: ProgrammeName, today: number): Life {
  const months = Math.min(TEN_YEARS, Math.floor(Math.log(1 - random.fraction()) / Math.log(1 - AGEING)));
  const from = monthStart(today, -months);
  const events: LifeEvent[] = [];
  const yearsOfGrowth = Math.min(3, Math.floor(months / 12));
  events.push({ kind: 'NEW', on: from, share: 0.95 ** yearsOfGrowth, reason: null });
  for (let year = yearsOfGrowth; year > 0; year--) {
    events.push({
      kind: 'ADJUST_UP',
      on: monthStart(today, -12 * year + 6),
      share: 0.95 ** (year - 1),
      reason: '保障标准提高',
    });
  }
  if (months > 18 && programme === 'DIBAO' && random.chance(0.06)) {
    events.push({ kind: 'ADJUST_DOWN', on: monthStart(today, -random.whole(1, 5)), share: 1, reason: '家庭人口变化' });
  }

  const fate = random.fraction();
  if (fate < ENDED) {
    const to = monthEnd(today, -random.whole(1, 10));
    if (to > from) return ended(from, to, events, random.pick(STOPPED_BECAUSE));
  } else if (fate < ENDED + SUSPENDED && months > 8) {
    const on = monthStart(today, -random.whole(1, 5));
    const kept = events.filter((event) => event.on < on);
    kept.push({ kind: 'SUSPEND', on, share: null, reason: random.pick(SUSPENDED_BECAUSE) });
    return { from, to: null, status: 'SUSPENDED', spans: [{ from, to: on - 1 }], events: kept };
  } else if (fate < ENDED + SUSPENDED + RESTORED && months > 14) {
    const off = monthStart(today, -random.whole(8, 12));
    const on = monthStart(today, -random.whole(2, 6));
    const kept = events.filter((event) => event.on < off || event.on > on);
    kept.push({ kind: 'SUSPEND', on: off, share: null, reason: random.pick(SUSPENDED_BECAUSE) });
    kept.push({ kind: 'RESTORE', on, share: 1, reason: '核实后恢复' });
    const spans = [
      { from, to: off - 1 },
      { from: on, to: null },
    ];
    return { from, to: null, status: 'ACTIVE', spans, events: kept.sort((a, b) => a.on - b.on) };
  }
  return { from, to: null, status: 'ACTIVE', spans: [{ from, to: null }], events };
}

function ended(from: number, to: number, events: readonly LifeEvent[], reason: string): Life {
  const kept = events.filter((event) => event.on <= to);
  kept.push({ kind: 'STOP', on: to, share: null, reason });
  return { from, to, status: 'STOPPED', spans: [{ from, to }], events: kept };
}
