/** Time as something that is handed in, so that a test decides what day it is. */
import { dateInChina } from './dates.ts';

/** Where the hub reads the time. Nothing else in `src` asks the machine. */
export interface Clock {
  now(): Date;
  /** Today's date in Asia/Shanghai, 'YYYY-MM-DD'. */
  today(): string;
}

const MINUTE = 60_000;
let asked = { minute: NaN, date: '' };

/** The machine's clock. Every request asks for the day, so the calendar is asked once a minute: no day begins within one. */
export const systemClock: Clock = {
  now: () => new Date(),
  today: () => {
    const at = new Date();
    const minute = Math.floor(at.getTime() / MINUTE);
    if (minute !== asked.minute) asked = { minute, date: dateInChina(at) };
    return asked.date;
  },
};

/** A clock that stands still at an instant given in ISO 8601 with its zone, e.g. '2026-11-22T09:00:00+08:00'. */
export function fixedClock(iso: string): Clock {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime()) || !/(?:Z|[+-]\d{2}:\d{2})$/.test(iso)) {
    throw new Error('fixedClock needs an ISO 8601 instant with a zone, such as 2026-11-22T09:00:00+08:00');
  }
  const today = dateInChina(at);
  return { now: () => new Date(at), today: () => today };
}
