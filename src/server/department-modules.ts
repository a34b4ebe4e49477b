/** What the department modules bring, and what those would bring that are not installed. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { OWNERS } from '../aid/index.ts';
import type { AidRule } from '../aid/index.ts';
import type { RecordKind } from '../intake/index.ts';
import * as installed from './departments.ts';
import { packageFile } from './package-file.ts';

/** What a department brings along. */
export interface DepartmentModule {
  /** The tables of its records. */
  readonly entities: readonly (new () => object)[];
  /** The fields that it adds to the shared nouns, and root fields of its own. */
  readonly resolvers: readonly (new () => object)[];
  /** The kinds of records that it delivers. */
  readonly records: readonly RecordKind[];
  /** What it refuses of its own items of aid. */
  readonly aidRules?: readonly AidRule[];
}

/** The modules that are installed. */
export const departments: readonly DepartmentModule[] = Object.values(installed);

/** What departments refuse of their own items of aid. */
export const aidRules: readonly AidRule[] = departments.flatMap((department) => department.aidRules ?? []);

/** Every kind of record that can be delivered. */
export const recordKinds: readonly RecordKind[] = departments.flatMap(({ records }) => records);

/** What each department's feeds are of: its kinds of records, and the aid that it grants. */
export const feedRecords: readonly { readonly name: string; readonly department: string }[] = [
  ...recordKinds,
  ...[...new Set(Object.values(OWNERS))].map((department) => ({ name: 'AID_GRANT', department })),
];

const names = z.array(z.string());
const belongings = z.record(
  z.string(),
  z.strictObject({ types: names, fields: names, groups: names, operations: names }),
);

/** What the policy and ready-made documents may name of each department's module: `schema/departments.json`. */
export const readBelongings = (): z.infer<typeof belongings> =>
  belongings.parse(JSON.parse(readFileSync(packageFile('schema/departments.json'), 'utf8')));

/** The departments of `schema/departments.json` that this hub was built without, and the names that went with them. */
export function readAbsent(): { readonly departments: readonly string[]; readonly names: ReadonlySet<string> } {
  const absent = Object.entries(readBelongings()).filter(([department]) => !(department in installed));
  return {
    departments: absent.map(([department]) => department),
    names: new Set(
      absent.flatMap(([, { types, fields, groups, operations }]) => [...types, ...fields, ...groups, ...operations]),
    ),
  };
}
