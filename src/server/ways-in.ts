/** How records come in beside the API: files over HTTP by their templates, the watched folder, tables on a schedule. */
import { join } from 'node:path';
import { findClient, isActiveOn } from '../access/clients/index.ts';
import type { Bound, Caller } from '../access/index.ts';
import { readTemplates, templateKindOf } from '../intake/files/index.ts';
import type { Templates } from '../intake/files/index.ts';
import type { Intake, RecordKind } from '../intake/index.ts';
import { TableSourceError, columnsOf, openInbox, openTables, readTableSources } from '../intake/sources/index.ts';
import type { TableSource } from '../intake/sources/index.ts';
import { systemClock } from '../platform/clock.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import { HeaderError } from '../platform/csv/headers.ts';
import { openPool } from '../platform/database.ts';
import type { Pool } from '../platform/database.ts';
import { newId } from '../platform/id.ts';
import type { Logger } from '../platform/log.ts';
import { listDemoClients } from './demo-token/index.ts';
import { recordKinds } from './department-modules.ts';
import { packageFile } from './package-file.ts';
import type { RecordsParts } from './records-route.ts';

/** Two leases, a cursor, and one to look things up. */
const CONNECTIONS = 4;

/** What they are opened with. */
export interface WaysInParts {
  /** URL of the server's role: folder and tables have connections of their own, which they keep for long. */
  readonly serverUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly intake: Intake;
}

/** The ways in of a hub. */
export interface WaysIn {
  /** For files over HTTP. */
  readonly records: RecordsParts;
  /** Lets the watched folder and the schedule begin. */
  start(): void;
  /** Ends both after what is under way. */
  close(): Promise<void>;
}

/** The templates of the kinds, those of the installation in place of the hub's own. Throws TemplateError. */
export const templatesOf = ({ templatesDir }: Pick<Config, 'templatesDir'>, kinds: readonly RecordKind[]): Templates =>
  readTemplates({ own: packageFile('seeds/templates'), installed: templatesDir }, kinds.map(templateKindOf));

/** Opens them; nothing comes in before `start`. Throws TemplateError and TableSourceError with what to do. */
export function openWaysIn(config: Config, { serverUrl, clock, log, intake }: WaysInParts): WaysIn {
  const templates = templatesOf(config, intake.kinds);
  const pool = openPool(serverUrl, { max: CONNECTIONS, name: 'hub-ways-in', log, settings: { jit: 'off' } });
  const parts = { pool, clock, log, intake, templates, callerOf: suppliers(config, pool, clock) };
  const running = [
    ...(config.inboxDir === undefined ? [] : [openInbox({ ...parts, dir: config.inboxDir, most: config.bounds.file })]),
    ...(config.sourcesFile === undefined
      ? []
      : [openTables({ ...parts, sources: readTableSources(config.sourcesFile) })]),
  ];
  return {
    records: { intake, templates, clock, spoolDir: join(config.dataDir, 'uploads') },
    start: () => {
      for (const part of running) part.start();
    },
    async close() {
      await Promise.all(running.map((part) => part.close()));
      await pool.end();
    },
  };
}

/** What keeps each table that HUB_SOURCES names from being read; nothing is read. Throws TableSourceError for the file. */
export async function checkTableSources(
  config: Config,
  pool: Pool,
): Promise<readonly { readonly name: string; readonly fault: string | undefined }[]> {
  const templates = templatesOf(config, recordKinds);
  const callerOf = suppliers(config, pool, systemClock);
  const sources = config.sourcesFile === undefined ? [] : readTableSources(config.sourcesFile);
  const faultIn = async (source: TableSource): Promise<string | undefined> => {
    const caller = await callerOf(source.client, 'TABLE');
    if (typeof caller === 'string') return `The source ${source.name}: ${caller}`;
    const kind = recordKinds.find(({ name }) => name === source.record);
    const template = templates.get(source.record);
    if (template === undefined || kind?.department !== caller.department)
      return `The source ${source.name}: ${caller.client} delivers no ${source.record}`;
    return columnsOf(pool, source, template).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof TableSourceError || error instanceof HeaderError) return error.message;
        throw error;
      },
    );
  };
  const checked = [];
  for (const source of sources) checked.push({ name: source.name, fault: await faultIn(source) });
  return checked;
}

/** Clients that deliver without a token: registered and active, or of the demo. */
export function suppliers(
  { mode }: Pick<Config, 'mode'>,
  pool: Pool,
  clock: Clock,
): (client: string, caseNo: string) => Promise<Bound | string> {
  const find = async (name: string): Promise<Omit<Caller, 'tokenId'> | undefined> => {
    const registered = await findClient(pool, name);
    if (registered !== undefined) return isActiveOn(registered, clock.today()) ? registered : undefined;
    return mode === 'production' ? undefined : (await listDemoClients()).find(({ client }) => client === name);
  };
  return async (name, caseNo) => {
    const found = await find(name);
    if (found === undefined)
      return `没有名为 ${name} 的有效接入系统 There is no active client ${name} (hub clients add).`;
    const { client, department, role, regions, purposes } = found;
    if (!purposes.includes('DATA_SUPPLY'))
      return `${client} 没有数据报送用途 ${client} has not the purpose DATA_SUPPLY.`;
    const issuedAt = Math.floor(clock.now().getTime() / 1000);
    return { client, department, role, regions, purposes, tokenId: newId(), issuedAt, purpose: 'DATA_SUPPLY', caseNo };
  };
}
