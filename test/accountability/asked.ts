/** Random requests of many callers, and an account of what each answer told of whom: made from the answers alone. */
import type { Bound } from '../../src/access/index.ts';
import { CALLERS } from '../access/attacks/neighbours.ts';
import type { Neighbour, Neighbours } from '../access/attacks/neighbours.ts';

/** One answer as the person it tells of would hear of it. */
export interface Told {
  readonly department: string;
  readonly client: string;
  readonly role: string;
  readonly purpose: string | null;
  readonly caseNo: string | null;
  readonly kind: string;
  /** Sorted. */
  readonly coordinates: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;
type Fields = Readonly<Record<string, readonly string[]>>;

/** A request, and which coordinates its answer told of which person. */
interface Request {
  readonly query: string;
  readonly variables?: Json;
  account(data: Json): Fields;
  /** The cases that the answer is recorded under, by person, where they are not that of the request. */
  readonly cases?: Readonly<Record<string, readonly string[]>>;
}

/** A generator of whole numbers below a bound that starts from a seed. */
export function drawing(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const objects = (value: unknown): readonly Json[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is Json => typeof item === 'object' && item !== null);

/** Asks what chance brings, and returns what every person was told about, by id. */
export async function askAround(
  world: Neighbours,
  times: number,
  seed: number,
): Promise<ReadonlyMap<string, readonly Told[]>> {
  const draw = drawing(seed);
  const pick = <T>(from: readonly T[]): T => from[draw(from.length)] as T;
  const people = [world.known, world.relative, world.stranger, world.distant];
  const callers: readonly Bound[] = Object.values(CALLERS);
  const told = new Map<string, Told[]>();
  for (let i = 0; i < times; i += 1) {
    const caller = pick(callers);
    const request = pick(REQUESTS)({ world, people, pick, draw });
    const { json } = await world.hub.ask(request.query, caller, { variables: request.variables ?? {} });
    if (json.data === undefined || json.data === null) continue;
    for (const [person, coordinates] of Object.entries(request.account(json.data))) {
      for (const caseNo of request.cases?.[person] ?? [caller.caseNo ?? '']) {
        const { department, client, role, purpose = null } = caller;
        const one = { department, client, role, purpose, caseNo, kind: 'READ', coordinates: [...coordinates].sort() };
        told.set(person, [...(told.get(person) ?? []), one]);
      }
    }
  }
  return told;
}

interface Around {
  readonly world: Neighbours;
  readonly people: readonly Neighbour[];
  readonly pick: <T>(from: readonly T[]) => T;
  readonly draw: (below: number) => number;
}

const merged = (told: readonly (readonly [person: string, coordinates: readonly string[]])[]): Fields => {
  const all: Record<string, readonly string[]> = {};
  for (const [person, coordinates] of told) all[person] = [...new Set([...(all[person] ?? []), ...coordinates])];
  return all;
};

const REQUESTS: readonly ((around: Around) => Request)[] = [
  // A status check of one to three numbers, one of which may be nobody's; each may be for a case of its own.
  ({ world, people, pick, draw }) => {
    const asked = Array.from({ length: 1 + draw(3) }, () => (draw(4) === 0 ? undefined : pick(people)));
    const ownCases = draw(2) === 0;
    const cases = new Map<string, Set<string>>();
    const checks = asked.map((one, i) => {
      const caseNo = ownCases ? `CASE-${i % 2}` : undefined;
      if (one && caseNo) cases.set(one.personId, (cases.get(one.personId) ?? new Set()).add(caseNo));
      return { idNumber: one?.idNumber ?? world.nobody, ...(caseNo === undefined ? {} : { caseNo }) };
    });
    return {
      query:
        'query($checks: [StatusCheckInput!]!) { checkStatus(checks: $checks) { result programmes { programme validTo } } }',
      variables: { checks },
      account: (data) =>
        merged(
          objects(data['checkStatus']).flatMap((check, i) => {
            const person = asked[i]?.personId;
            if (person === undefined) return [];
            const below = objects(check['programmes']).length > 0 ? PROGRAMME : [];
            return [[person, ['StatusCheck.result', 'StatusCheck.programmes', ...below]] as const];
          }),
        ),
      ...(ownCases ? { cases: Object.fromEntries([...cases].map(([id, list]) => [id, [...list]])) } : {}),
    };
  },
  // A person with a field or two, null where the caller sees the row and not the cell.
  ({ people, pick }) => {
    const fields = pick([['name'], ['birthDate', 'sex'], ['name', 'countyCode'], ['phone'], ['address']]);
    return {
      query: `query($id: ID!) { person(id: $id) { id ${fields.join(' ')} } }`,
      variables: { id: pick(people).personId },
      account: (data) =>
        merged(
          objects(data['person']).map(
            ({ id }) => [String(id), ['Person.id', ...fields.map((field) => `Person.${field}`)]] as const,
          ),
        ),
    };
  },
  // A person under another name, with a list below.
  ({ people, pick }) => ({
    query: 'query($id: ID!) { who: person(id: $id) { id recipientOf { id programme validFrom } } }',
    variables: { id: pick(people).personId },
    account: (data) =>
      merged(
        objects(data['who']).map(({ id, recipientOf }) => {
          const below = objects(recipientOf).length > 0 ? RECIPIENT : [];
          return [String(id), ['Person.id', 'Person.recipientOf', ...below]] as const;
        }),
      ),
  }),
  // A page of recipients with the person of each.
  ({ draw }) => ({
    query: 'query($first: Int) { recipients(first: $first) { nodes { programme person { id name } } } }',
    variables: { first: 1 + draw(4) },
    account: (data) =>
      merged(
        objects((data['recipients'] as Json)['nodes']).flatMap(({ person }) =>
          objects(person).map(({ id }) => [String(id), RECIPIENTS] as const),
        ),
      ),
  }),
];

const PROGRAMME = ['StatusProgramme.programme', 'StatusProgramme.validTo'];
const RECIPIENT = ['Recipient.id', 'Recipient.programme', 'Recipient.validFrom'];
const RECIPIENTS = ['Recipient.programme', 'Recipient.person', 'Person.id', 'Person.name'];
