/** Attacks by asking often: numbers are not guessed, and what a budget lets through tells no more than an answer does. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeResidentId } from '../../../seeds/synthetic/resident-id.ts';
import type { Bound } from '../../../src/access/index.ts';
import { openHub } from '../../harness/hub.ts';
import type { HttpAnswer, TestHub } from '../../harness/hub.ts';
import { CALLERS, openNeighbours } from './neighbours.ts';
import type { Neighbours } from './neighbours.ts';

const BUDGET = 10;
const CHECK =
  'query($c: [StatusCheckInput!]!) { checkStatus(checks: $c) { result nameAgrees programmes { programme } } }';

let world: Neighbours;
let hub: TestHub;
let round = 0;
let caller: Bound;
beforeAll(async () => {
  world = await openNeighbours();
  hub = await openHub(world.database, { missesPerDay: BUDGET });
});
afterAll(async () => {
  await hub.close();
  await world.close();
});
beforeEach(() => {
  round += 1;
  caller = { ...CALLERS.education, client: `guess-${round}.test` };
});

const guesses = (count: number, from = 0): { idNumber: string }[] =>
  Array.from({ length: count }, (_, i) => ({ idNumber: makeResidentId('360199', '1975-05-05', from + i) }));

const check = (c: readonly { idNumber: string; name?: string }[], by = caller): Promise<HttpAnswer> =>
  hub.ask(CHECK, by, { variables: { c } });

describe('numbers that are nobody’s', () => {
  test('use up the budget of a client and a day, and then nothing is told, not even of those who are known', async () => {
    expect((await check(guesses(BUDGET))).status).toBe(200);
    const hit = { idNumber: world.known.idNumber };
    const refused = await check([hit, ...guesses(1, 50)]);
    expect(refused.status).toBe(429);
    expect(refused.json).toEqual({
      errors: [
        { message: expect.any(String), extensions: { code: 'TOO_MANY_MISSES', retryAfter: expect.any(Number) } },
      ],
    });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('do not get through in one large call, nor in many at once', async () => {
    expect((await check([...guesses(BUDGET + 1), { idNumber: world.known.idNumber }])).status).toBe(429);
    caller = { ...caller, client: `guess-${round}-crowd.test` };
    const crowd = await Promise.all(Array.from({ length: 30 }, (_, i) => check(guesses(1, i))));
    expect(crowd.filter(({ status }) => status === 200)).toHaveLength(BUDGET);
  });

  test('are counted however they are written, and asking again counts again', async () => {
    const { idNumber } = guesses(1)[0] ?? { idNumber: '' };
    const full = Array.from(idNumber, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('');
    const forms = [idNumber, idNumber.toLowerCase(), full, ` ${idNumber} `, idNumber];
    expect((await check(forms.map((form) => ({ idNumber: form })))).status).toBe(200);
    expect((await check(forms.map((form) => ({ idNumber: form })))).status).toBe(200);
    expect((await check(guesses(1))).status).toBe(429);
  });

  test('are on record as keyed hashes, also those of the call that was refused', async () => {
    await check(guesses(3));
    await check(guesses(BUDGET));
    const { rows } = await world.database.owner.query<{ decision: string; misses: number; reason: string | null }>(
      'select decision, misses, reason from access_log where client = $1 order by id',
      [caller.client],
    );
    expect(rows).toEqual([
      { decision: 'ALLOWED', misses: 3, reason: null },
      { decision: 'REFUSED', misses: BUDGET, reason: 'TOO_MANY_MISSES' },
    ]);
  });

  test('cost as much as a known person who is no recipient: the budget does not tell the two apart', async () => {
    const dated = CHECK.replace('[StatusCheckInput!]!)', '[StatusCheckInput!]!, $d: Date)').replace(
      '$c)',
      '$c, onDate: $d)',
    );
    const spent = async (idNumber: string, client: string): Promise<number> => {
      const variables = { c: [{ idNumber }], d: '1990-01-01' };
      for (let calls = 0; ; calls++) {
        const { status, json } = await hub.ask(dated, { ...caller, client }, { variables });
        if (status === 429) return calls;
        expect(json.data).toEqual({ checkStatus: [{ result: 'NOT_RECIPIENT', nameAgrees: null, programmes: [] }] });
      }
    };
    expect(await spent(world.nobody, `guess-${round}-nobody.test`)).toBe(BUDGET);
    expect(await spent(world.known.idNumber, `guess-${round}-known.test`)).toBe(BUDGET);
  });

  test('of one client are not those of another one', async () => {
    await check(guesses(BUDGET + 1));
    const other = { ...caller, client: `guess-${round}-other.test` };
    expect((await check(guesses(BUDGET), other)).status).toBe(200);
  });
});

describe('a report', () => {
  const report = (items: readonly object[], by: Bound = caller): Promise<HttpAnswer> =>
    hub.ask(
      'mutation($i: ReportAidInput!) { reportAid(input: $i) { results { outcome code field remedy grantId } } }',
      { ...by, purpose: 'AID_REPORTING', purposes: ['AID_REPORTING'] },
      { variables: { i: { dryRun: true, items } } },
    );
  const item = (change: object) => ({
    sourceKey: 'guess',
    programme: 'EDUCATION_AID',
    mode: 'CASH',
    amountYuan: '100',
    decidedOn: '2026-09-01',
    ...change,
  });

  test('does not tell a number that is nobody’s from a wrong name, nor from somebody at home elsewhere', async () => {
    const { known, distant, nobody } = world;
    const gansu = { ...caller, regions: ['620000000000'] };
    const receipts = await Promise.all(
      [
        { idNumber: nobody, name: known.name },
        { idNumber: known.idNumber, name: '张三丰' },
        { idNumber: distant.idNumber, name: distant.name },
      ].map(async (who) => (await report([item(who)], gansu)).text),
    );
    expect(receipts[0]).toContain('NO_MATCH');
    expect(new Set(receipts).size).toBe(1);
  });

  test('tells the three apart by its budget no better: each uses it up alike', async () => {
    const { known, distant, nobody } = world;
    const spent = async (who: object, client: string): Promise<number> => {
      const by = { ...caller, client, regions: ['620000000000'] };
      for (let calls = 0; ; calls++) if ((await report([item(who)], by)).json.errors !== undefined) return calls;
    };
    expect(await spent({ idNumber: nobody, name: known.name }, 'spent-nobody.test')).toBe(BUDGET);
    expect(await spent({ idNumber: known.idNumber, name: '张三丰' }, 'spent-name.test')).toBe(BUDGET);
    expect(await spent({ idNumber: distant.idNumber, name: distant.name }, 'spent-distant.test')).toBe(BUDGET);
  });

  test('uses up the same budget as a check', async () => {
    expect((await check(guesses(BUDGET))).status).toBe(200);
    const refused = await report([item({ idNumber: world.nobody, name: '张三' })]);
    expect(refused.json.errors?.[0]?.extensions['code']).toBe('TOO_MANY_MISSES');
    expect(refused.json.data ?? null).toBeNull();
  });
});
