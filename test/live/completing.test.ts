/** Fields that code answers, whatever the code is: what it is given, what is told of its answer, what becomes of its faults. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { publishPolicy, readPolicyFiles } from '../../src/access/index.ts';
import { callerOf, openEngine } from '../harness/engine.ts';
import type { TestEngine } from '../harness/engine.ts';
import { exampleOf } from '../harness/installed.ts';
import { rowsIn } from '../registry/rows.ts';
import { schemaWithEchoes } from './echoes.ts';
import { makePeople } from './people.ts';
import type { People } from './people.ts';

let people: People;
let hub: TestEngine;
beforeAll(async () => {
  people = await makePeople();
  const rows = rowsIn(people.database.owner);
  const householdId = await rows.household();
  for (const { id } of people.near.slice(0, 5)) await rows.membership({ household_id: householdId, person_id: id });
  hub = await openEngine(people.database, { schema: await schemaWithEchoes() });
});
afterAll(() => people.database.drop());

const everywhere = callerOf('CIVIL_AFFAIRS', 'SYSTEM', { caseNo: 'CASE-1' });
const persons = (): string[] => people.near.slice(0, 5).map(({ id }) => id);

test('code is given the row that it stands in, at every level and under every name', async () => {
  const ids = persons();
  const { data, errors } = await hub.ask(
    `{ nodes(ids: ${JSON.stringify(ids)}) { id ... on Person { a: echo ...E memberships { person { echo id } } } } }
     fragment E on Person { echo }`,
    everywhere,
  );
  expect(errors).toEqual([]);
  type Echoing = { readonly id: string; readonly a: string; readonly echo: string };
  const nodes = (data as { nodes: (Echoing & { memberships: { person: Echoing }[] })[] }).nodes;
  expect(nodes.map(({ id }) => id)).toEqual(ids);
  for (const { id, a, echo, memberships } of nodes) {
    expect([a, echo]).toEqual([id, id]);
    for (const { person } of memberships) expect(person.echo).toBe(person.id);
  }
});

test('a part of an answer that is denied is null where the caller wishes that, and the rest is told', async () => {
  const files = readPolicyFiles('schema/policy');
  const agreements = files.agreements.map((one) =>
    one.department === 'CIVIL_AFFAIRS' && one.role === 'SYSTEM'
      ? { ...one, rows: new Map(one.rows).set('Echo', 'region') }
      : one,
  );
  await publishPolicy(people.database.owner, { ...files, agreements, digest: randomBytes(32) });
  const text = `{ person(id: "${String(persons()[0])}") { longEcho { word secret } } }`;
  const refused = await hub.ask(text, everywhere);
  expect(refused.errors[0]?.extensions['denied']).toMatchObject([{ coordinate: 'Echo.secret' }]);
  const { data, errors } = await hub.ask(text, everywhere, { onDenied: 'null' });
  expect(errors.map(({ code }) => code)).toEqual(['FIELD_DENIED']);
  expect(data).toEqual({ person: { longEcho: { word: expect.stringMatching(/^\S.* \d+$/u), secret: null } } });
  expect(hub.entries.at(-1)?.coordinates.flat()).not.toContain('Echo.secret');
});

/** A record with a field that is closed by its own group. */
const RECORD = exampleOf([
  {
    ...{ type: 'MedicalSettlement', group: 'diagnosis', denied: 'MedicalSettlement.diagnosis' },
    fields: 'medicalSettlements { visit diagnosis }',
  },
  {
    ...{ type: 'EmploymentRecord', group: 'refusals', denied: 'EmploymentRecord.refusals' },
    fields: 'employmentRecords { status refusals }',
  },
]);

test('below a denied question as below a denied relation a field is named for what its own group says, not for its rows', async () => {
  const files = readPolicyFiles('schema/policy');
  const agreements = files.agreements.map((one) => {
    if (one.department !== 'CIVIL_AFFAIRS' || one.role !== 'SYSTEM') return one;
    const rows = new Map([...one.rows].filter(([type]) => type !== 'Membership'));
    const fields = new Map([...one.fields].filter(([group]) => group !== RECORD.group));
    return { ...one, fields, rows: rows.set('Echo', 'case') };
  });
  await publishPolicy(people.database.owner, { ...files, agreements, digest: randomBytes(32) });
  // Code answers about every person of the region or about none: rows of one case close the question as no rows do.
  const text = `{ person(id: "${String(persons()[0])}") {
    longEcho { word secret } memberships { id relation person { longEcho { word } ${RECORD.fields} } } } }`;
  const { errors } = await hub.ask(text, everywhere);
  const denied = errors[0]?.extensions['denied'] as { readonly coordinate: string; readonly reason: string }[];
  expect(denied.map(({ coordinate }) => coordinate).sort()).toEqual(
    ['Echo.secret', 'Person.longEcho', 'Person.memberships', RECORD.denied].sort(),
  );
});

test('code that throws makes its own field null, with an error and without its text in the data', async () => {
  const id = String(persons()[0]);
  const { data, errors } = await hub.ask(`{ person(id: "${id}") { broken id } }`, everywhere);
  expect(data).toEqual({ person: { broken: null, id } });
  expect(errors).toHaveLength(1);
});

test('what the statement wrote stays as it wrote it, even where the scalar takes no such value from outside', async () => {
  const [, , , , id] = persons();
  await people.database.owner.query(`update person set birth_date = '1890-02-01' where id = $1`, [id]);
  const { data, errors } = await hub.ask(`{ person(id: "${String(id)}") { echo birthDate } }`, everywhere);
  expect(errors).toEqual([]);
  expect(data).toEqual({ person: { echo: id, birthDate: '1890-02-01' } });
});
