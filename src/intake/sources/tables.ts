/** Tables and views of the database as sources: each is delivered on its schedule, by one hub process at a time. */
import type { Bound } from '../../access/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Pool } from '../../platform/database.ts';
import type { Logger } from '../../platform/log.ts';
import type { Templates } from '../files/template.ts';
import type { DeliveryStatus, Intake } from '../intake-service.ts';
import { withLease } from './lease.ts';
import { columnsOf, lastDelivered, tableRows } from './table-rows.ts';
import { TableSourceError } from './table-settings.ts';
import type { TableSource } from './table-settings.ts';

/** What the sources work with. */
export interface TablesParts {
  readonly sources: readonly TableSource[];
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly intake: Intake;
  readonly templates: Templates;
  /** The client as a caller who supplies data under a case number; a text says why it is none. */
  readonly callerOf: (client: string, caseNo: string) => Promise<Bound | string>;
}

/** The scheduled sources of a hub. */
export interface Tables {
  /** Delivers what is due now and no other process is at; the deliveries as they ended. */
  look(): Promise<readonly DeliveryStatus[]>;
  /** Looks every minute. */
  start(): void;
  /** Ends after the source under way. */
  close(): Promise<void>;
}

const EVERY = 60_000;
const WAIT = 600_000;
const MINUTE = 60_000;

/** The sources; nothing is read before `look` or `start`. */
export function openTables(parts: TablesParts): Tables {
  const { sources, pool, clock, log } = parts;
  let closing = false;
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<unknown> = Promise.resolve();

  async function look(): Promise<readonly DeliveryStatus[]> {
    const ended: DeliveryStatus[] = [];
    for (const source of sources) {
      if (closing) break;
      try {
        const status = await withLease(pool, `hub source ${source.name}`, () => deliverIfDue(parts, source));
        if (status === undefined) continue;
        ended.push(status);
        log.info({ source: source.name, delivery: status.id, state: status.state }, 'a source was delivered');
      } catch (err) {
        // One source that fails keeps no other one from being read.
        log.error({ err, source: source.name }, 'a source could not be delivered');
      }
    }
    return ended;
  }

  const again = (after: number): void => {
    timer = setTimeout(() => {
      underWay = look().finally(() => {
        if (!closing) again(EVERY);
      });
    }, after);
  };

  return {
    look,
    start: () => {
      log.info({ sources: sources.map(({ name }) => name), today: clock.today() }, 'tables are read as sources');
      again(1_000);
    },
    async close() {
      closing = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}

/** Undefined where it is not due. Throws TableSourceError and what the intake throws. */
async function deliverIfDue(
  { pool, clock, intake, templates, callerOf }: TablesParts,
  source: TableSource,
): Promise<DeliveryStatus | undefined> {
  const asOf = clock.now();
  const last = await lastDelivered(pool, source);
  if (last !== undefined && asOf.getTime() - last.getTime() < source.everyMinutes * MINUTE) return undefined;
  const caller = await callerOf(source.client, `TABLE/${source.name}`);
  if (typeof caller === 'string') throw new TableSourceError(`The source ${source.name}: ${caller}`);
  const { record, mode, region, sourceSystem } = source;
  intake.kindFor(caller, record);
  const template = templates.get(record);
  if (template === undefined) throw new TableSourceError(`The source ${source.name}: ${record} has no template`);
  const columns = await columnsOf(pool, source, template);
  const id = await intake.openDelivery(caller, { record, mode, region, sourceSystem, asOf, format: 'TABLE' });
  await intake.stage(id, tableRows(pool, source, columns));
  await intake.apply(caller, id);
  return intake.settled(id, WAIT);
}
