import { cells, Sheets, type TableName, TABLE_NAMES } from './sheets.ts';
import { dateOf, dayOf, midnight } from './calendar.ts';
import { DIRTY } from './figures.ts';
import { FEEDS, SOURCE_SYSTEMS, type SourceSystem } from './feeds.ts';
import { countyOnly, type Place } from './places.ts';
import { Random } from './random.ts';

/** The streams of randomness: one for each kind of thing, so that a change in one leaves the others as they were. */
const STREAMS = [
  'person',
  'name',
  'place',
  'household',
  'enrolment',
  'education',
  'medical',
  'housing',
  'labour',
  'caseload',
  'grant',
  'dirt',
  'insurance',
  'emergency',
  'death',
  'tenancy',
  'fees',
  'work',
  'civilAffairs',
] as const;
type Stream = (typeof STREAMS)[number];

/** A share of things that is kept exactly: says yes once for each 1/rate of the weight that passed by. */
export class Quota {
  readonly #rate: number;
  #due: number;

  constructor(rate: number, random: Random) {
    this.#rate = rate;
    this.#due = random.fraction();
  }

  /** Counts what passes by; true when it is one of the share. What cannot be (not eligible) is made up by the next. */
  take(eligible = true, weight = 1): boolean {
    this.#due += this.#rate * weight;
    if (!eligible || this.#due < 1) return false;
    this.#due -= weight;
    return true;
  }
}

/** Everything that the makers of persons, households and records share: the day, the dice, the counters, the rows. */
export class World {
  readonly today: number;
  readonly sheets = new Sheets();
  readonly dice: Readonly<Record<Stream, Random>>;
  readonly quota: Readonly<Record<keyof typeof DIRTY, Quota>>;
  /** Persons in all, those still to come included: it spreads the instants of the ids. */
  readonly #expected: number;
  readonly #ids: Readonly<Record<TableName, Random>>;
  readonly #asOf: Readonly<Record<SourceSystem, string>>;
  readonly #delivered: Readonly<Record<SourceSystem, string>>;
  readonly #places: readonly Place[];
  readonly #numbers = new Map<string, number>();
  readonly #births = new Map<number, number>();
  #persons = 0;
  #at = 0;

  constructor(options: { seed: number; persons: number; today: string; places: readonly Place[] }) {
    const { seed, persons, today, places } = options;
    this.today = dayOf(today);
    this.#expected = persons;
    this.#places = places;
    this.#asOf = record(SOURCE_SYSTEMS, (system) =>
      new Date(midnight(this.today) - FEEDS[system].ageHours * 3_600_000).toISOString(),
    );
    // A delivery is recorded half an hour after the state that it shows.
    this.#delivered = record(SOURCE_SYSTEMS, (system) => {
      const asOf = this.#asOf[system];
      return cells(asOf, new Date(Date.parse(asOf) + 1_800_000).toISOString());
    });
    this.dice = record(STREAMS, (stream) => new Random(seed, stream));
    this.#ids = record(TABLE_NAMES, (table) => new Random(seed, `id/${table}`));
    const shares = Object.keys(DIRTY) as (keyof typeof DIRTY)[];
    this.quota = record(shares, (share) => new Quota(DIRTY[share], this.dice.dirt));
    this.#tick();
  }

  /** Persons made so far. */
  get persons(): number {
    return this.#persons;
  }

  /** A row's key: UUIDs of one table are in the order of making. */
  id(table: TableName): string {
    return this.#ids[table].uuid(this.#at);
  }

  /** Counts a person and moves the instant of the ids on: the population came to the hub over the last two years. */
  countPerson(): void {
    this.#persons++;
    this.#tick();
  }

  #tick(): void {
    const span = 730 * 86_400_000;
    this.#at = midnight(this.today) - span + Math.floor((this.#persons / this.#expected) * (span - 86_400_000));
  }

  /** The next number of a series, from 1. */
  number(series: string): number {
    const next = (this.#numbers.get(series) ?? 0) + 1;
    this.#numbers.set(series, next);
    return next;
  }

  /** How many persons of one kind were born on a day before this one. */
  bornBefore(day: number, kind: number): number {
    // Numbers as keys: as many as there are days and kinds, and a million texts would keep the collector busy.
    const key = day * 64 + kind;
    const nth = this.#births.get(key) ?? 0;
    this.#births.set(key, nth + 1);
    return nth;
  }

  /** The four provenance columns of a row; the key is unique in its system. */
  provenance(system: SourceSystem, series: string): string {
    const key = `${series}${String(this.number(series)).padStart(8, '0')}`;
    return `${system}\t${key}\t${this.#delivered[system]}`;
  }

  /** When the last delivery of a system was true. */
  asOf(system: SourceSystem): string {
    return this.#asOf[system];
  }

  /** Somewhere to live for so many persons; 1 % of them under a county code of former times. */
  place(persons: number): Place {
    const place = this.dice.place.pick(this.#places);
    if (this.quota.staleRegion.take(place.stale !== undefined, persons) && place.stale !== undefined)
      return place.stale;
    return this.quota.countyOnly.take(true, persons) ? countyOnly(place) : place;
  }

  /** 'YYYY-MM-DD' of a day, null for none. */
  date(day: number | null): string | null {
    return day === null ? null : dateOf(day);
  }
}

function record<K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>;
}
