/** Takes back the aid that departments granted: parse, match, spend the misses, write once, answer for each item. */
import { requireStamp } from '../access/index.ts';
import type { Bound, MissBudget } from '../access/index.ts';
import { eachOnce, entryBy } from '../access/ledger/index.ts';
import type { AccessEntry, Ledger } from '../access/ledger/index.ts';
import { DEFAULT_BOUNDS } from '../platform/bounds.ts';
import type { Clock } from '../platform/clock.ts';
import { UNIQUE_VIOLATION, inTransaction, sqlState } from '../platform/database.ts';
import type { Pool, PoolClient } from '../platform/database.ts';
import { HubError, badUserInput, operationDenied, purposeNotAllowed, purposeRequired } from '../platform/errors.ts';
import { AidCode, AidOutcome } from './aid-item.ts';
import type { AidItem, AidReceipt } from './aid-item.ts';
import { findPersons, findPlaces } from './find-persons.ts';
import type { PersonFound } from './find-persons.ts';
import { Restart, findHeld, lockHeld, lockStripes, stripeOf } from './grant-versions.ts';
import { identifyItems } from './item-rules.ts';
import type { AidRule, FoundAid } from './item-rules.ts';
import { parseItem } from './parse-item.ts';
import type { ParsedAid, ReadItem } from './parse-item.ts';
import { programmesOf } from './programmes.ts';
import { recordVersions } from './record-versions.ts';
import { createReportFeed } from './report-feed.ts';
import { rejected, toReceipt, verdictOf } from './verdicts.ts';
import type { Matched, Verdicts } from './verdicts.ts';

const COORDINATE = 'Mutation.reportAid';
const COORDINATES = [[COORDINATE]];
const PURPOSE = 'AID_REPORTING';
/** How often a call begins anew before it gives up. */
const MOST_RESTARTS = 5;

/** What the ledger entry says of the operation, and whether anything is to be kept. */
export interface ReportContext {
  readonly operation: AccessEntry['operation'];
  readonly policyVersion: number;
  /** Stamp of the policy that admitted the report. */
  readonly policyStamp: number;
  /** Everything but the write: same checks, same receipts, same record of whom was asked about. */
  readonly dryRun?: boolean;
}

/** What the service works with. */
export interface AidReporterParts {
  readonly pool: Pool;
  readonly ledger: Pick<Ledger, 'record' | 'recordIn' | 'missKey'>;
  readonly clock: Clock;
  readonly misses: MissBudget;
  /** Most items of one call. */
  readonly mostItems?: number;
  /** What departments' modules refuse of their own items. */
  readonly rules?: readonly AidRule[];
}

/** The service behind `Mutation.reportAid`. */
export interface AidReporter {
  /**
   * Records grants, at most `mostItems`. One receipt per item in the order given; a rejected item costs no other one.
   * Idempotent on (department, sourceKey, version): the state afterwards depends on the set of versions held and not on
   * the order, splitting or repetition of calls. Throws PURPOSE_REQUIRED, PURPOSE_NOT_ALLOWED, OPERATION_DENIED,
   * BAD_USER_INPUT (too many items), TOO_MANY_MISSES and POLICY_CHANGED; then nothing was written.
   */
  reportAid(caller: Bound, items: readonly AidItem[], context: ReportContext): Promise<readonly AidReceipt[]>;
}

/** The items whose persons were found, and those that matched nobody. */
interface Matching {
  readonly found: readonly FoundAid[];
  readonly missed: readonly ParsedAid[];
}

/** Builds the service. */
export function createAidReporter({
  pool,
  ledger,
  clock,
  misses,
  mostItems = DEFAULT_BOUNDS.grants,
  rules = [],
}: AidReporterParts): AidReporter {
  const feed = createReportFeed();
  return {
    async reportAid(caller, items, context) {
      const refusal = refusalOf(caller, items.length, mostItems);
      if (refusal !== undefined) throw await recordRefusal(entryFor(caller, context, items.length), refusal);
      const parsing = { department: caller.department, today: clock.today() };
      const read = items.map((item) => parseItem(item, parsing));
      const verdicts: Verdicts = new Map();
      const { found, missed } = await match(caller, read, verdicts);
      const entry = entryFor(caller, context, items.length, { found, missed });
      await spend(caller, { found, missed }, entry);
      const matched = await identifyItems(pool, rules, found, (index, fault) => {
        verdicts.set(index, rejected(fault));
      });
      await write(caller, context, matched, verdicts, entry);
      return read.map(({ sourceKey, version }, index) => toReceipt(index, sourceKey, version, verdicts.get(index)));
    },
  };

  /** Finds the persons; an item that names nobody, or somebody at home elsewhere without naming its office, missed. */
  async function match(caller: Bound, read: readonly ReadItem[], verdicts: Verdicts): Promise<Matching> {
    const understood: { index: number; aid: ParsedAid }[] = [];
    read.forEach(({ aid, fault }, index) => {
      if (fault !== undefined) verdicts.set(index, rejected(fault));
      else understood.push({ index, aid });
    });
    const regions = new Set(caller.regions);
    const offices = [...new Set(understood.flatMap(({ aid }) => aid.officeRegion ?? []))];
    const places = await findPlaces(pool, offices);
    const inRegion = understood.filter(({ index, aid: { officeRegion } }) => {
      if (officeRegion === null || places.get(officeRegion)?.some((code) => regions.has(code))) return true;
      verdicts.set(index, rejected({ code: AidCode.OUT_OF_REGION, field: 'officeRegion' }));
      return false;
    });
    const persons = await findPersons(
      pool,
      inRegion.map(({ aid }) => ({ idKey: aid.idKey, nameKey: aid.nameKey, on: aid.decidedOn })),
    );
    const found: FoundAid[] = [];
    const missed: ParsedAid[] = [];
    inRegion.forEach(({ index, aid }, n) => {
      const person = persons[n];
      if (person !== undefined && (aid.officeRegion !== null || livesIn(regions, person))) {
        const office = aid.officeRegion === null ? undefined : places.get(aid.officeRegion);
        found.push({ index, aid, person, chain: office ?? Object.values(person.place) });
      } else {
        missed.push(aid);
        verdicts.set(index, rejected({ code: AidCode.NO_MATCH, field: 'idNumber' }));
      }
    });
    return { found, missed };
  }

  /** Before anything is written or answered. */
  async function spend(caller: Bound, { found, missed }: Matching, entry: AccessEntry): Promise<void> {
    const questions = new Set(missed.map(({ idKey, nameKey }) => `${idKey} ${nameKey}`));
    if (questions.size === 0) return;
    try {
      await misses.spend(caller, questions.size, questions.size + found.length);
    } catch (error) {
      throw error instanceof HubError ? await recordRefusal(entry, error) : error;
    }
  }

  /** A refusal leaves its own record, with the hashes of what was asked; whom it would have touched nobody learned. */
  async function recordRefusal(entry: AccessEntry, refusal: HubError): Promise<HubError> {
    await ledger.record({ ...entry, decision: 'REFUSED', reason: refusal.code, persons: [], households: [] });
    return refusal;
  }

  /** One transaction: locks, what is held, the new versions, what they are now, the ledger entry. */
  async function write(
    caller: Bound,
    { dryRun = false, policyStamp }: ReportContext,
    matched: readonly Matched[],
    verdicts: Verdicts,
    entry: AccessEntry,
  ): Promise<void> {
    const { department, client } = caller;
    const keys = [...new Set(matched.map(({ aid }) => aid.sourceKey))].sort();
    const stripes = new Set(matched.flatMap(({ aid }) => stripesOf(aid.sourceKey, aid.reversalOf)));
    let noted = (): void => undefined;
    // What reverses bears on other keys than its own, and must not meet them while they are written.
    let alone = matched.some(({ aid }) => aid.reversalOf !== null);
    const attempt = async (tx: PoolClient): Promise<void> => {
      await requireStamp(tx, policyStamp);
      if (dryRun) await tx.query('savepoint report');
      if (keys.length > 0) {
        await lockStripes(tx, department, stripes, alone);
        const held = (await lockHeld(tx, department, keys)) ? await findHeld(tx, department, keys) : [];
        // A version held may be a reversal, and of a key whose stripe is not locked yet.
        const reversed = held.flatMap(({ reversalOf }) => stripesOf(reversalOf));
        if (reversed.length > 0 && !(alone && reversed.every((stripe) => stripes.has(stripe)))) {
          for (const stripe of reversed) stripes.add(stripe);
          throw new Restart();
        }
        const author = { department, client, at: entry.at };
        const { judged, settled, refused } = await recordVersions(tx, author, matched, held);
        for (const one of judged) verdicts.set(one.index, verdictOf(one, settled, { kept: !dryRun }));
        for (const [index, fault] of refused) verdicts.set(index, rejected(fault));
      }
      if (dryRun) await tx.query('rollback to savepoint report');
      // An empty report says that there is nothing to report; one of which nothing was taken says nothing.
      else if (entry.items === 0 || isAnyTaken(verdicts)) noted = await feed.note(tx, caller, entry.at);
      await ledger.recordIn(tx, entry);
    };
    for (let restarts = 0; ; restarts += 1) {
      try {
        await inTransaction(pool, attempt);
        noted();
        return;
      } catch (error) {
        const beginsAnew = error instanceof Restart || sqlState(error) === UNIQUE_VIOLATION;
        if (!beginsAnew || restarts === MOST_RESTARTS) throw error;
        alone = true;
      }
    }
  }

  function entryFor(
    caller: Bound,
    { operation, policyVersion, dryRun = false }: ReportContext,
    items: number,
    { found, missed }: Matching = { found: [], missed: [] },
  ): AccessEntry {
    return entryBy(caller, {
      at: clock.now(),
      // A dry run writes nothing, yet it tells which numbers and names agree.
      kind: dryRun ? 'READ' : 'WRITE',
      operation,
      coordinates: COORDINATES,
      persons: eachOnce(found.map(({ person }) => person.personId)),
      households: eachOnce(found.flatMap(({ person }) => person.householdId ?? [])),
      misses: [...new Set(missed.map(({ idKey }) => idKey))].map((key) => ledger.missKey(key)),
      policyVersion,
      items,
    });
  }
}

/** Only the system of a department that grants aid reports, and only for that purpose. */
function refusalOf(caller: Bound, items: number, most: number): HubError | undefined {
  if (caller.purpose === undefined) return purposeRequired(caller.purposes);
  if (caller.purpose !== PURPOSE) return purposeNotAllowed(caller.purpose, [PURPOSE]);
  if (caller.role !== 'SYSTEM' || programmesOf(caller.department).length === 0) {
    const reason = 'aid is reported by the system of the department that granted it';
    return operationDenied(COORDINATE, reason, 'CIVIL_AFFAIRS');
  }
  if (items <= most) return undefined;
  return badUserInput(`At most ${most} items a call; split the report. 每次最多 ${most} 笔，请分批上报。`, {
    bound: 'grants',
  });
}

function stripesOf(...keys: readonly (string | null)[]): readonly number[] {
  return keys.flatMap((key) => (key === null ? [] : stripeOf(key)));
}

function livesIn(regions: ReadonlySet<string>, { place }: PersonFound): boolean {
  const { regionCode, townshipCode, countyCode, prefectureCode, provinceCode } = place;
  return [regionCode, townshipCode, countyCode, prefectureCode, provinceCode].some((code) => regions.has(code ?? ''));
}

const isAnyTaken = (verdicts: Verdicts): boolean =>
  [...verdicts.values()].some(({ outcome }) => outcome !== AidOutcome.REJECTED);
