/** `hub policy` as stewards use it: a file is shown, edited, drafted, published by another one, and suspended. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { runHub } from '../aid/hub-process.ts';
import { testFolder } from '../harness/folder.ts';
import { housing, openGovernedHubs, steward } from './harness.ts';
import type { GovernedHubs } from './harness.ts';

/** Each command is a process of its own. */
const PATIENCE = 180_000;

let world: GovernedHubs;
let file: string;
beforeAll(async () => {
  world = await openGovernedHubs();
  file = join(testFolder('policy'), 'housing.json');
});
afterAll(() => world.close());

function hub(caller: Bound, ...args: readonly string[]) {
  const [{ url, headersOf }] = world.hubs;
  const token = (headersOf(caller)['authorization'] ?? '').replace('Bearer ', '');
  return runHub(['policy', ...args], { HUB_URL: url, HUB_TOKEN: token });
}
const CASE = ['--case', 'GOV-2026-000001'];

test(
  'an agreement is shown as its file, edited, drafted and published by somebody else',
  async () => {
    const shown = await hub(housing(), 'show', 'housing');
    expect(shown).toMatchObject({ code: 0, err: '' });
    const form = JSON.parse(shown.out) as { number: string; fields: Record<string, string> };
    const shipped = JSON.parse(readFileSync('schema/policy/agreements/housing.json', 'utf8')) as typeof form;
    expect(form.fields).toEqual(shipped.fields);

    writeFileSync(file, JSON.stringify({ ...form, fields: { ...form.fields, phone: 'full:case' } }));
    const draft = ['draft', file, '--summary', '办理个案需联系本人', ...CASE];
    const drafted = await hub(steward('HOUSING'), ...draft);
    expect(drafted).toMatchObject({ code: 0, err: '' });
    expect(drafted.out).toMatch(/已起草 DRAFTED: 变更 change [0-9a-f-]{36}, 协议 agreement housing/);
    expect(drafted.out).toContain('phone (Person) 完整 in full · caseload, case');
    const [, change = ''] = /change ([0-9a-f-]{36})/.exec(drafted.out) ?? [];
    expect((await hub(steward('HOUSING'), ...draft)).out).toContain(`UNCHANGED: 变更 change ${change}`);

    const own = await hub(steward('HOUSING'), 'publish', change, ...CASE);
    expect(own).toMatchObject({ code: 2, out: '' });
    expect(own.err).toContain('起草人不得发布');
    const alone = await hub(steward('HOUSING', 'b'), 'publish', change, ...CASE);
    expect(alone.code).toBe(2);
    expect(alone.err).toContain('CIVIL_AFFAIRS');
    expect((await hub(steward('CIVIL_AFFAIRS'), 'publish', change, ...CASE)).out).toContain('已发布 PUBLISHED');
    expect((await hub(housing(), 'diff', '1', '2')).out).toBe('housing.fields.phone: masked → full:case\n');
    expect((await hub(housing(), 'versions')).out).toContain('housing.steward-a.test → civil-affairs.steward-a.test');
    expect((await hub(steward('HOUSING'), 'changes', ...CASE)).out).toContain(`${change}  AMEND  housing  PUBLISHED`);
  },
  PATIENCE,
);

test(
  'a suspension takes one command, and standing again takes two',
  async () => {
    const suspended = await hub(steward('CIVIL_AFFAIRS'), 'suspend', 'housing', '--reason', '疑似滥用', ...CASE);
    expect(suspended).toMatchObject({ code: 0, err: '' });
    const listed = await hub(housing(), 'list', '--department', 'HOUSING');
    expect(listed).toMatchObject({ code: 0, err: '' });
    expect(listed.out).toMatch(/^housing {2}.*SUSPENDED \(疑似滥用\)/m);
    const resume = ['resume', 'housing', '--reason', '已核查', ...CASE];
    const { out } = await hub(steward('HOUSING'), ...resume);
    const [, change = ''] = /change ([0-9a-f-]{36})/.exec(out) ?? [];
    expect((await hub(steward('CIVIL_AFFAIRS'), 'publish', change, ...CASE)).code).toBe(0);
    expect((await hub(housing(), 'list', '--department', 'HOUSING')).out).toMatch(/^housing {2}.*有效 in force/m);
  },
  PATIENCE,
);

test(
  'a file that does not fit is refused with all that is wrong, and nothing is written',
  async () => {
    const { out } = await hub(housing(), 'show', 'housing');
    const form = JSON.parse(out) as { fields: Record<string, string>; rows: Record<string, string> };
    const broken = { ...form, fields: { ...form.fields, 'shoe-size': 'full' }, rows: { ...form.rows, Dragon: 'case' } };
    writeFileSync(file, JSON.stringify(broken));
    const refused = await hub(steward('HOUSING'), 'draft', file, '--summary', 'x', ...CASE);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('no field is in the group shoe-size');
    expect(refused.err).toContain('there is no type Dragon');
    writeFileSync(file, '{');
    expect(await hub(steward('HOUSING'), 'draft', file, '--summary', 'x', ...CASE)).toMatchObject({ code: 2 });
    expect(await hub(housing(), 'show', 'nobody')).toMatchObject({ code: 2 });
  },
  PATIENCE,
);
