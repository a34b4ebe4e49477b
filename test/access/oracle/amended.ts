/** Agreements changed at random: what the hub does must follow the rows of policy, whatever they say. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { Random } from '../../../seeds/synthetic/random.ts';
import { publishPolicy, readPolicyFiles } from '../../../src/access/index.ts';
import { NOUNS } from './nouns.ts';
import { allRules } from './rules.ts';
import { isOfData } from './scopes.ts';
import type { Agreement } from './scopes.ts';

// Ids can never be withheld: their fields are not nullable.
const FIXED_GROUPS = new Set(['person-id', 'record-id']);
const ACCESS = [
  'full',
  'full',
  'masked',
  'full:caseload',
  'full:case',
  'full:region',
  'masked:case',
  'masked:region',
  'denied',
];
const ROWS = ['everything', 'region', 'caseload', 'case'];
const ANSWERS = new Set(['StatusCheck', 'StatusProgramme']);

/** Groups of data that some agreement opens; what governs it has other groups, and tests of its own. */
const groupsIn = (agreements: readonly Agreement[]): string[] => {
  const ofData = new Set([...allRules().values()].map(({ group }) => group));
  return [...new Set(agreements.flatMap(({ fields }) => Object.keys(fields)))].filter((group) => ofData.has(group));
};

/** The agreements with some of their groups, rows and small counts changed. */
export function amended(agreements: readonly Agreement[], seed: number): Agreement[] {
  const random = new Random(seed, 'amended');
  const groups = groupsIn(agreements).filter((group) => !FIXED_GROUPS.has(group));
  const types = [...new Set(agreements.flatMap(({ rows }) => Object.keys(rows)))].filter(
    (type) => NOUNS[type] !== undefined && !ANSWERS.has(type),
  );
  return agreements.map((agreement) => {
    if (!isOfData(agreement)) return agreement;
    const fields = new Map(Object.entries(agreement.fields));
    const rows = new Map(Object.entries(agreement.rows));
    for (let i = random.whole(2, 8); i > 0; i--) {
      const access = random.pick(ACCESS);
      const group = random.pick(groups);
      if (access === 'denied') fields.delete(group);
      else fields.set(group, access);
    }
    for (let i = random.whole(0, 4); i > 0; i--) {
      const type = random.pick(types);
      if (random.chance(0.15)) rows.delete(type);
      else rows.set(type, random.pick(type === 'AidGrant' ? [...ROWS, 'own-department'] : ROWS));
    }
    return {
      ...agreement,
      ...(random.chance(0.1) ? { validUntil: '2026-11-21' } : {}),
      ...(random.chance(0.1) ? { validUntil: '2026-11-22' } : {}),
      fields: Object.fromEntries(fields),
      rows: Object.fromEntries(rows),
      smallestCount: random.pick([0, 0, 3, 10]),
    };
  });
}

/**
 * Every group of every agreement in the next of four ways at each turn: in full, in part, in full for one case alone, not
 * at all. After four turns each has been shared in each way.
 */
export function turned(agreements: readonly Agreement[], turn: number): Agreement[] {
  const groups = groupsIn(agreements).sort();
  return agreements.map((agreement, i) => {
    if (!isOfData(agreement)) return agreement;
    const ways = groups.map((group, j): [string, string | undefined] => [
      group,
      FIXED_GROUPS.has(group) ? 'full' : WAYS[(i + j + turn) % WAYS.length],
    ]);
    const shared = ways.filter((entry): entry is [string, string] => entry[1] !== undefined);
    const beside = Object.entries(agreement.fields).filter(([group]) => !groups.includes(group));
    return { ...agreement, fields: Object.fromEntries([...beside, ...shared]) };
  });
}

const WAYS = ['full', 'masked', 'full:case', undefined];

/** Publishes the agreements in place of those in force, with the catalogue of schema/policy. */
export async function publishAgreements(owner: Pool, agreements: readonly Agreement[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-policy-'));
  try {
    mkdirSync(join(folder, 'agreements'));
    copyFileSync('schema/policy/catalogue.json', join(folder, 'catalogue.json'));
    for (const { number, ...agreement } of agreements)
      writeFileSync(join(folder, 'agreements', `${number}.json`), JSON.stringify(agreement));
    await publishPolicy(owner, readPolicyFiles(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
