/**
 * The limits: hand-written SQL behind bare node:http. A shows whatever is asked for and keeps no record; B has the scope
 * and the masks of the policy by hand and writes the hub's own ledger, through the hub's own group commit.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openLedger } from '../../src/access/ledger/index.ts';
import type { AccessEntry, Disclosed } from '../../src/access/ledger/index.ts';
import type { Purpose } from '../../src/access/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openPool } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/id.ts';
import { openLog } from '../../src/platform/log.ts';
import { CALLERS } from '../callers.ts';
import type { CallerName } from '../callers.ts';
import type { OwnEnvironment } from '../contestants.ts';
import { passTextThrough } from './limits/bytes.ts';
import { checkStatus } from './limits/check-status.ts';
import { person } from './limits/person.ts';
import { recipientIds } from './limits/recipient-ids.ts';
import { recipients } from './limits/recipients.ts';
import { recipientStatistics } from './limits/recipient-statistics.ts';
import { bareReport, guardedReport } from './limits/report-aid.ts';
import type { Given, Statement } from './limits/statement.ts';

passTextThrough();
const { url, guarded, today, connections, anchorDir, callers } = JSON.parse(
  process.env['BENCH'] ?? '{}',
) as OwnEnvironment;
const log = openLog('warn');
// The hub's own settings: these statements as well are fastest when they are planned once.
const settings = { jit: 'off', plan_cache_mode: 'force_generic_plan' };
const pool = openPool(url, { max: connections, name: guarded ? 'limit-b' : 'limit-a', log, settings });
// As in the hub, a connection beside those that requests wait for.
const ledger = guarded
  ? await openLedger({
      pool: openPool(url, { max: 1, name: 'limit-b-ledger', log }),
      clock: systemClock,
      anchorDir,
      log,
    })
  : undefined;
const report = ledger === undefined ? bareReport(pool) : guardedReport(pool, ledger);
const { rows: head } = await pool.query<{ version: number }>('select version from policy_head');
const policyVersion = head[0]?.version ?? 0;

const STATEMENTS: Readonly<Record<string, (caller: CallerName) => Statement>> = {
  CheckStatus: always(checkStatus(guarded)),
  Person: always(person(guarded)),
  RecipientIds: always(recipientIds(guarded)),
  RecipientStatistics: always(recipientStatistics(guarded)),
  Recipients: byCaller({ civil: recipients('civil', guarded), housing: recipients('housing', guarded) }),
};

interface Asked {
  readonly query: string;
  readonly operationName: string;
  readonly variables: Given;
}

interface Requester {
  readonly caller: CallerName;
  readonly purpose: Purpose;
  readonly caseNo: string;
}

async function answer({ query, operationName, variables }: Asked, requester: Requester): Promise<string> {
  const now = new Date();
  const { caller, caseNo } = requester;
  const entry = entryOf(requester, query, operationName, now);
  if (operationName === 'ReportAid') return report(variables, { now, entry });
  const statement = STATEMENTS[operationName]?.(caller);
  if (statement === undefined) throw new Error(`${operationName} is not one of the operations`);
  const { name, text } = statement;
  const values = [...statement.values(variables, { caller, today, now, caseNo })];
  const { rows } = await pool.query<[string, string | null]>({ name, text, values, rowMode: 'array' });
  const [data, told] = rows[0] ?? ['null', null];
  if (ledger !== undefined) {
    const { persons, households, missed } = subjectsIn(told ?? '');
    const misses = missed.map((ordinal) => ledger.missKey(statement.numbers?.(values)[ordinal - 1] ?? ''));
    await ledger.record({ ...entry('READ'), coordinates: statement.coordinates, persons, households, misses });
  }
  return data;
}

/** What the entry says of who asked, for what and how. */
function entryOf({ caller, purpose, caseNo }: Requester, text: string, name: string, at: Date) {
  return (kind: AccessEntry['kind']): Omit<AccessEntry, 'coordinates' | 'persons' | 'households' | 'misses'> => {
    const { client, department, role } = CALLERS[caller];
    const operation = { digest: digestOf(text), name, text };
    return {
      ...{ id: newId(), at, client, department, role, purpose, caseNo, kind, decision: 'ALLOWED', operation },
      policyVersion,
    };
  };
}

const digests = new Map<string, Buffer>();

function digestOf(text: string): Buffer {
  const known = digests.get(text) ?? createHash('sha256').update(text).digest();
  digests.set(text, known);
  return known;
}

/** Characters of a subject: node, kind, and id or ordinal. */
const SUBJECT = 38;

/** The subjects that a statement named; of numbers that found nobody, their ordinals. */
function subjectsIn(text: string) {
  const persons: Disclosed[] = [];
  const households: Disclosed[] = [];
  const missed: number[] = [];
  for (let at = 0; at < text.length; at += SUBJECT) {
    const id = text.slice(at + 2, at + SUBJECT);
    const node = text.charCodeAt(at) - 48;
    const kind = text[at + 1];
    if (kind === 'p') persons.push({ id, node });
    else if (kind === 'h') households.push({ id, node });
    else missed.push(Number(id));
  }
  return { persons, households, missed };
}

function requesterOf({ headers }: IncomingMessage): Requester {
  const token = headers.authorization?.slice('Bearer '.length) ?? '';
  const caller = callers[token];
  if (caller === undefined) throw new Error('Nobody of this run');
  return { caller, purpose: headers['hub-purpose'] as Purpose, caseNo: String(headers['hub-case']) };
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const asked = JSON.parse(Buffer.concat(parts).toString('utf8')) as Asked;
    answer(asked, requesterOf(request)).then(
      (data) => {
        const body = `{"data":${data}}`;
        response.writeHead(200, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': body.length,
        });
        response.end(body, 'latin1');
      },
      (error: unknown) => {
        log.error({ err: error }, 'a request failed');
        response.writeHead(500).end();
      },
    );
  });
}

function always(statement: Statement): () => Statement {
  return () => statement;
}

function byCaller(statements: Partial<Record<CallerName, Statement>>): (caller: CallerName) => Statement {
  return (caller) => {
    const statement = statements[caller];
    if (statement === undefined) throw new Error(`There is no statement for ${caller}`);
    return statement;
  };
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${String(port)}/graphql\n`);
});

process.once('SIGTERM', () => {
  server.closeAllConnections();

  void (ledger?.close() ?? Promise.resolve()).then(() => process.exit(0));
});
