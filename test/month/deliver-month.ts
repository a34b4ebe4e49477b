/** A month delivered over HTTP as each department's own client, and what a hub then holds. */
import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileAccount, FileCounts, Findings, MonthAccount } from '../../seeds/month/account.ts';
import { emptyLine } from '../../seeds/month/sheet-file.ts';
import type { Pool } from '../../src/platform/database.ts';

/** Where to deliver, and with which headers a department comes. */
export interface Door {
  readonly url: string;
  headersOf(department: string): Record<string, string>;
}

/** What became of a file, in the words of its account. */
export interface Outcome {
  readonly counts: FileCounts;
  readonly findings: Findings;
  /** The hub had the file. */
  readonly known: boolean;
}

interface Delivery {
  readonly id: string;
  readonly state: string;
  readonly counts: FileCounts;
}
interface Told {
  readonly known: boolean;
  readonly delivery: Delivery;
}

const POLL = 40; // ms

async function ask<T>(door: Door, path: string, department: string, init: RequestInit = {}): Promise<T> {
  for (;;) {
    const response = await fetch(`${door.url}${path}`, {
      ...init,
      headers: { ...door.headersOf(department), ...(init.headers as Record<string, string> | undefined) },
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    if (response.status !== 429) throw new Error(`${path}: ${String(response.status)} ${text}`);
    await sleep(1_000);
  }
}

/** Sends a file; `once more` with an empty line at its end, by which it is another file with the same rows. */
async function stage(door: Door, dir: string, file: FileAccount, onceMore: boolean): Promise<Told> {
  const { record, mode, asOf, region, department, encoding } = file;
  const query = new URLSearchParams({ mode, asOf, ...(region === undefined ? {} : { region }) });
  const sent = await openAsBlob(join(dir, file.file));
  const body = onceMore && encoding !== 'XLSX' ? new Blob([sent, emptyLine(encoding as 'UTF-8')]) : sent;
  const told = await ask<Told>(door, `/records/${record}?${query.toString()}`, department, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body,
  });
  return told;
}

async function apply(door: Door, department: string, { id }: Delivery): Promise<Delivery> {
  const query = `mutation { applyDelivery(id: "${id}") { id } }`;
  const answer = await ask<{ errors?: unknown }>(door, '/graphql', department, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  for (;;) {
    const { delivery } = await ask<{ delivery: Delivery }>(door, `/deliveries/${id}`, department);
    if (delivery.state === 'APPLIED') return delivery;
    if (delivery.state !== 'APPLYING') throw new Error(`${id}: ${delivery.state}`);
    await sleep(POLL);
  }
}

/** Delivers all files in their order; the next one is sent while one is applied. */
export async function deliverMonth(
  door: Door,
  dir: string,
  { files }: MonthAccount,
  owner: Pool,
  { onceMore = false, onFile }: { readonly onceMore?: boolean; readonly onFile?: (file: FileAccount) => void } = {},
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const send = (at: number): Promise<Told> | undefined => {
    const file = files[at];
    const sent = file === undefined ? undefined : stage(door, dir, file, onceMore);
    sent?.catch(() => undefined);
    return sent;
  };
  let next = send(0);
  for (const [at, file] of files.entries()) {
    const told = await next;
    if (told === undefined) throw new Error('No file was sent.');
    next = send(at + 1);
    const { known, delivery } = told;
    const { counts } = delivery.state === 'APPLIED' ? delivery : await apply(door, file.department, delivery);
    outcomes.push({ counts: inNumbers(counts), findings: await findingsOf(owner, delivery.id), known });
    onFile?.(file);
  }
  return outcomes;
}

const inNumbers = (counts: FileCounts): FileCounts => {
  const found = { ...counts };
  for (const name of Object.keys(found) as (keyof FileCounts)[]) found[name] = Number(found[name]);
  return found;
};

/** What became of a file that was delivered some other way, the last time. */
export async function outcomeOf(door: Door, { file, department }: FileAccount, owner: Pool): Promise<Outcome> {
  const { rows } = await owner.query<{ id: string }>(
    'select id from delivery where file_name = $1 order by opened_at desc limit 1',
    [file],
  );
  const id = rows[0]?.id ?? '';
  const { delivery } = await ask<{ delivery: Delivery }>(door, `/deliveries/${id}`, department);
  return { counts: inNumbers(delivery.counts), findings: await findingsOf(owner, id), known: false };
}

async function findingsOf(owner: Pool, id: string): Promise<Findings> {
  const { rows } = await owner.query<{ code: string; n: number }>(
    'select code, count(*)::int as n from delivery_finding where delivery_id = $1 group by code',
    [id],
  );
  return Object.fromEntries(rows.map(({ code, n }) => [code, n]));
}

/** The account that lies beside the files. */
export const readAccount = async (dir: string): Promise<MonthAccount> =>
  JSON.parse(await readFile(join(dir, 'account.json'), 'utf8')) as MonthAccount;

/** What the tables hold, in the words of the account. */
export async function holdings(
  owner: Pool,
  { tables, ended }: MonthAccount,
): Promise<Pick<MonthAccount, 'tables' | 'ended' | 'personsByCounty' | 'dead'>> {
  const count = async (sql: string): Promise<number> =>
    (await owner.query<{ n: number }>(`select count(*)::int as n from ${sql}`)).rows[0]?.n ?? -1;
  const each = async (names: readonly string[], where = ''): Promise<Record<string, number>> => {
    const found: Record<string, number> = {};
    for (const name of names) found[name] = await count(`${name} ${where}`);
    return found;
  };
  const { rows } = await owner.query<{ code: string; n: number }>(
    'select county_code as code, count(*)::int as n from person group by 1',
  );
  return {
    tables: await each(Object.keys(tables)),
    ended: await each(Object.keys(ended), 'where ended_on is not null'),
    personsByCounty: Object.fromEntries(rows.map(({ code, n }) => [code, n])),
    dead: await count('person where died_on is not null'),
  };
}

/** A digest of every row of each table, and of the history: the same as long as nothing is written. */
export async function digestOf(owner: Pool, { tables }: MonthAccount): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const table of [...Object.keys(tables), 'record_history', 'match_candidate']) {
    const { rows } = await owner.query<{ sum: string }>(
      `select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as sum from ${table} t`,
    );
    found[table] = rows[0]?.sum ?? '';
  }
  return found;
}

// Made anew in each database, and when it happened.
const OWN = `'{id,person_id,delivery_id,recorded_at,household_id,enrolment_id,head_person_id,applicant_id,row_id,superseded_at,
  other_person_id,other_household_id,opened_at,content,subject_key}'::text[]`;
const PERSONS: Readonly<Record<string, string>> = {
  person: 'id',
  household: 'head_person_id',
  enrolment: 'applicant_id',
};

/** The same without what differs between two hubs that were told the same: a person is the number in its place. */
export async function contentOf(owner: Pool, { tables }: MonthAccount): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const table of [...Object.keys(tables), 'record_history']) {
    const ofDelivery = table === 'enrolment_event';
    const nobody = ofDelivery || table === 'match_review';
    const person = nobody
      ? `''`
      : `(select i.match_key from person_identifier i where i.person_id = t.${PERSONS[table] ?? 'person_id'})`;
    // The key of an event ends in the number of its delivery.
    const content = ofDelivery
      ? `split_part(t.source_key, '@', 1)`
      : table === 'record_history'
        ? `(t.content - ${OWN})::text`
        : `''`;
    const { rows } = await owner.query<{ sum: string }>(
      `select count(*) || ' ' || coalesce(sum(hashtextextended(
         (to_jsonb(t) - ${OWN}${ofDelivery ? ` - 'source_key'` : ''})::text || ${content} || coalesce(${person}, ''), 0)::numeric), 0) as sum from ${table} t`,
    );
    found[table] = rows[0]?.sum ?? '';
  }
  return found;
}
