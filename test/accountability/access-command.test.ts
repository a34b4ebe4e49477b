/** `hub access` against a real hub: what an official at a terminal gets, and what stays on record. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bound } from '../../src/access/index.ts';
import { addAccess } from '../../src/cli/access.ts';
import { newId } from '../../src/platform/id.ts';
import { CALLERS, openNeighbours } from '../access/attacks/neighbours.ts';
import type { Neighbours } from '../access/attacks/neighbours.ts';
import { runCommand } from '../harness/command.ts';
import type { CommandDone } from '../harness/command.ts';
import { callerOf } from '../harness/engine.ts';
import { testFolder } from '../harness/folder.ts';

let world: Neighbours;
let dir: string;
const steward = callerOf('CIVIL_AFFAIRS', 'STEWARD', {
  purpose: 'GOVERNANCE',
  purposes: ['GOVERNANCE'],
  caseNo: 'CA-LETTER-1',
});

beforeAll(async () => {
  world = await openNeighbours();
  dir = testFolder('access');
  const address = 'query($id: ID!) { person(id: $id) { id address } }';
  await world.hub.ask(address, CALLERS.housing, { variables: { id: world.known.personId } });
}, 60_000);
afterAll(() => world.close());

function hub(args: readonly string[], caller: Bound): Promise<CommandDone> {
  const token = (world.hub.headersOf(caller)['authorization'] ?? '').replace('Bearer ', '');
  const at = ['--purpose', caller.purpose ?? '', '--case', caller.caseNo ?? ''];
  return runCommand(addAccess, ['access', ...args, ...at], { HUB_TOKEN: token, HUB_URL: world.hub.url });
}

test('of: who looked, in lines or as JSON', async () => {
  const { personId } = world.known;
  const { code, out } = await hub(['of', personId], CALLERS.auditor);
  expect(code).toBe(0);
  expect(out).toContain('HOUSING  housing.test  AID_ELIGIBILITY  HOUSING-1  READ ALLOWED');
  expect(out).toContain('人员主键、居住地址');
  const json = await hub(['of', personId, '--json', '--from', '2026-11-22', '--to', '2026-11-22'], CALLERS.auditor);
  const lines = json.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { client: string });
  expect(lines.map(({ client }) => client)).toContain('housing.test');
});

test('relied-on: which cases rest on a value', async () => {
  const { out } = await hub(['relied-on', world.known.personId, 'Person.address'], CALLERS.auditor);
  expect(out).toMatch(/^HOUSING {2}housing\.test {2}AID_ELIGIBILITY {2}HOUSING-1 {2}1×/);
});

test('letter: a page for the person, for nobody else to read, and on record', async () => {
  const out = join(dir, 'letter.html');
  const period = ['--from', '2026-11-01', '--to', '2026-11-30'];
  const done = await hub(['letter', world.known.personId, ...period, '--name', '王小明', '--out', out], steward);
  expect(done).toMatchObject({ code: 0, err: '' });
  const html = readFileSync(out, 'utf8');
  for (const said of [
    '王小明，您好：',
    '住房和城乡建设部门',
    '审核救助资格',
    '居住地址',
    'HOUSING-1',
    '业务编号：CA-LETTER-1',
  ])
    expect(html).toContain(said);
  expect(statSync(out).mode & 0o077).toBe(0);
  expect((await hub(['of', world.known.personId], CALLERS.auditor)).out).toContain('GOVERNANCE  CA-LETTER-1');

  // Never over something that is there.
  const again = await hub(['letter', world.known.personId, '--out', out], steward);
  expect(again).toMatchObject({ code: 1 });
  expect(again.err).toContain('EEXIST');
});

test('letter: a period in which nobody looked says so, for somebody unknown as well', async () => {
  const out = join(dir, 'nobody.html');
  await hub(['letter', newId(), '--out', out], steward);
  expect(readFileSync(out, 'utf8')).toContain('没有部门通过本平台查阅或者变更您的个人信息');
});

test('who may not ask is refused with exit code 2, and no letter is left', async () => {
  const out = join(dir, 'refused.html');
  const refused = await hub(['letter', world.known.personId, '--out', out], CALLERS.analyst);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toContain('OPERATION_DENIED');
  expect(existsSync(out)).toBe(false);
});
