/** A hub over a random world whose real ledger holds what random callers asked: what a dry run is held against. */
import { Kind, parse, validate } from 'graphql';
import type { Random } from '../../seeds/synthetic/random.ts';
import type { Bound } from '../../src/access/index.ts';
import { openLedger } from '../../src/access/ledger/index.ts';
import type { Ledger } from '../../src/access/ledger/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { silentLog } from '../../src/platform/log.ts';
import { publishAgreements } from '../access/oracle/amended.ts';
import { drawCaller } from '../access/oracle/callers.ts';
import type { Caller } from '../access/oracle/callers.ts';
import { draw } from '../access/oracle/drawing.ts';
import { NOUNS } from '../access/oracle/nouns.ts';
import { print } from '../access/oracle/printing.ts';
import { openReading } from '../access/oracle/reading.ts';
import type { Reading } from '../access/oracle/reading.ts';
import { ROOTS } from '../access/oracle/roots.ts';
import { isOfData } from '../access/oracle/scopes.ts';
import type { Agreement } from '../access/oracle/scopes.ts';
import { decide, isOpenRoot, isOpenType } from '../access/oracle/sharing.ts';
import { drawId } from '../access/oracle/ways.ts';
import { NOW } from '../harness/engine.ts';
import { testFolder } from '../harness/folder.ts';

/** A request that can be made again. */
export interface Request {
  readonly caller: Caller;
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What became of a request. */
export interface Outcome {
  /** Code of the refusal; undefined for an answer. */
  readonly refusal: string | undefined;
  readonly data: string;
  readonly masked: ReadonlySet<string>;
  readonly nulled: ReadonlySet<string>;
}

/** The world of a dry run. */
export interface DryRunWorld extends Reading {
  readonly ledger: Ledger;
  /** Puts the request to the hub; what the engine tells its ledger stands in the real one, under this client. */
  make(request: Request, client: string): Promise<Outcome>;
  /** A random request of a random caller: mostly of what is open to it. */
  drawRequest(random: Random): Request;
  /** Publishes the agreements, and has the engine take them up. */
  publish(agreements: readonly Agreement[]): Promise<void>;
  close(): Promise<void>;
}

const PURPOSES = ['AID_ELIGIBILITY', 'AID_REPORTING', 'DYNAMIC_MONITORING', 'CASE_HANDLING', 'STATISTICS', 'AUDIT'];

export async function openDryRunWorld(seed: number): Promise<DryRunWorld> {
  const reading = await openReading(seed);
  const { database, hub, schema, world, agreements, choices } = reading;
  const anchorDir = testFolder('dry-run');
  const ledger = await openLedger({ pool: database.server, clock: fixedClock(NOW), anchorDir, log: silentLog });
  const of = agreements.filter(isOfData);

  const drawOne = (random: Random): Request | undefined => {
    const agreement = random.pick(of);
    const caller = drawCaller(random, agreement, choices.regions, world, random.chance(0.85));
    const reckless = random.chance(0.25);
    const weight = (coordinate: string): number => {
      const [type = '', field = ''] = coordinate.split('.');
      const name = field.replace(/\(.*/u, '');
      const isOpen =
        type === 'Query'
          ? isOpenRoot(agreement, name)
          : NOUNS[type] === undefined || (isOpenType(agreement, type) && decide(agreement, type, name).kind !== 'deny');
      if (type === 'Query' && ROOTS[name] === undefined) return 0;
      return isOpen ? 3 : reckless ? 1 : 0;
    };
    const idFor = (root: string): string => drawId(random, root, agreement, caller, world);
    const selections = draw(schema, random, { ...choices, idFor, weight, formOf: () => undefined }, []);
    const { text, variables } = print(schema, selections);
    return validate(schema, parse(text)).length > 0 ? undefined : { caller, text, variables };
  };

  return {
    ...reading,
    ledger,
    drawRequest(random) {
      for (;;) {
        const request = drawOne(random);
        if (request !== undefined) return request;
      }
    },
    async make({ caller: { onDenied, ...caller }, text, variables }, client) {
      hub.entries.length = 0;
      const bound = { purposes: PURPOSES, tokenId: 'test', ...caller, client } as Bound;
      const { data, errors, extensions = {} } = await hub.ask(text, bound, { variables, onDenied });
      await Promise.all(hub.entries.map((entry) => ledger.record(entry)));
      const denied = errors.flatMap(({ extensions: { denied: named = [] } }) => named as { coordinate: string }[]);
      const isAnswered = data !== undefined && data !== null;
      return {
        refusal: isAnswered ? undefined : String(errors[0]?.code),
        data: JSON.stringify(data ?? null),
        masked: new Set((extensions['masked'] ?? []) as string[]),
        nulled: new Set(isAnswered ? denied.map(({ coordinate }) => coordinate) : []),
      };
    },
    async publish(changed) {
      await publishAgreements(database.owner, changed);
      await hub.engine.reload();
    },
    async close() {
      await ledger.close();
      await database.drop();
    },
  };
}

const FIXED = new Set(['person-id', 'record-id']);
const ACCESS = ['full', 'masked', 'full:caseload', 'full:case', 'full:region', 'masked:region', 'denied', 'denied'];
const ANSWERS = new Set(['StatusCheck', 'StatusProgramme']);

/** The operations that a request asks for, and for whom. */
export interface Asked {
  readonly department: string;
  readonly role: string;
  readonly operations: readonly string[];
}

/** What a request asks for. */
export function askedBy({ caller: { department, role }, text }: Request): Asked {
  const operations = parse(text).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? definition.selectionSet.selections.flatMap((one) => (one.kind === Kind.FIELD ? [one.name.value] : []))
      : [],
  );
  return { department, role, operations };
}

/** Some agreements, each with one or two of their terms changed, as stewards would; one of them closes what was asked for. */
export function smallChange(
  random: Random,
  agreements: readonly Agreement[],
  asked: readonly Asked[],
): readonly Agreement[] {
  const groups = [...new Set(agreements.flatMap(({ fields }) => Object.keys(fields)))].filter((one) => !FIXED.has(one));
  const types = [...new Set(agreements.flatMap(({ rows }) => Object.keys(rows)))].filter((one) => !ANSWERS.has(one));
  const operations = [...new Set(agreements.flatMap((one) => one.operations))];
  // What is asked for often is among what changes.
  const often = ({ fields }: Agreement): Record<string, string> => ({
    ...(fields['name'] === 'full' && random.chance(0.4) ? { name: 'masked' } : {}),
    ...(fields['provenance'] === 'full' && random.chance(0.4) ? { provenance: 'full:case' } : {}),
  });
  const changed = agreements.map((one) => ({ ...one, fields: { ...one.fields, ...often(one) } }));
  if (asked.length > 0) {
    const { department, role, operations: closed } = random.pick(asked);
    for (const [at, one] of changed.entries())
      if (one.department === department && one.role === role)
        changed[at] = { ...one, operations: one.operations.filter((operation) => !closed.includes(operation)) };
  }
  const ofData = changed.flatMap((one, at) => (isOfData(one) ? [at] : []));
  for (let i = random.whole(5, 12); i > 0; i--) {
    const at = random.pick(ofData);
    const agreement = changed[at];
    if (agreement === undefined) continue;
    const { fields, rows } = agreement;
    const pick = random.whole(0, 9);
    if (pick <= 4) {
      const group = random.pick(groups);
      const access = random.pick(ACCESS);
      const { [group]: _, ...others } = fields;
      changed[at] = { ...agreement, fields: access === 'denied' ? others : { ...others, [group]: access } };
    } else if (pick <= 6) {
      const type = random.pick(types);
      const { [type]: _, ...others } = rows;
      const scope = random.pick(['everything', 'region', 'caseload', 'case', 'denied']);
      changed[at] = { ...agreement, rows: scope === 'denied' ? others : { ...others, [type]: scope } };
    } else if (pick === 7) {
      const operation = random.pick(operations);
      const without = agreement.operations.filter((one) => one !== operation);
      const had = without.length < agreement.operations.length;
      changed[at] = { ...agreement, operations: had ? without : [...without, operation] };
    } else if (pick === 8) {
      const [first, ...others] = agreement.purposes;
      if (first !== undefined && others.length > 0) changed[at] = { ...agreement, purposes: others };
    } else if (random.chance(0.3)) changed[at] = { ...agreement, validUntil: '2026-11-21' };
    else changed[at] = { ...agreement, smallestCount: random.pick([0, 10]) };
  }
  return changed;
}
