/** Agreements changed at random: what the hub does must follow the rows of policy, whatever they say. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../../seeds/synthetic/random.ts';
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

/** The agreements with some of their groups, rows and small counts changed. */
export function amended(agreements: readonly Agreement[], seed: number): Agreement[] {
  const random = new Random(seed, 'amended');
  const groups = [...new Set(agreements.flatMap(({ fields }) => Object.keys(fields)))].filter(
    (group) => !FIXED_GROUPS.has(group),
  );
  const types = [...new Set(agreements.flatMap(({ rows }) => Object.keys(rows)))].filter((type) => !ANSWERS.has(type));
  return agreements.map((agreement) => {
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

/** Writes the agreements as a policy folder, beside the catalogue of another one. */
export function writePolicy(folder: string, catalogueOf: string, agreements: readonly Agreement[]): void {
  mkdirSync(join(folder, 'agreements'), { recursive: true });
  copyFileSync(join(catalogueOf, 'catalogue.json'), join(folder, 'catalogue.json'));
  for (const agreement of agreements) {
    const name = `${agreement.department}-${agreement.role}.json`.toLowerCase();
    writeFileSync(join(folder, 'agreements', name), JSON.stringify(agreement));
  }
}
