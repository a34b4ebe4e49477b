/** The policy that is shipped: `schema/policy`, with which a hub begins. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Agreement, FieldGroup, PolicyContent } from './agreement.ts';
import { faultsAmong } from './check.ts';
import { agreementFile, groupForms, toAgreement, toGroup } from './forms.ts';

/** What the files say, and the digest of their text. */
export interface PolicyFiles extends PolicyContent {
  readonly digest: Buffer;
}

/**
 * Reads `catalogue.json` and `agreements/*.json`.
 * @throws Error that names the file and every fault in it
 */
export function readPolicyFiles(dir: string): PolicyFiles {
  const hash = createHash('sha256');
  const read = <T>(name: string, form: z.ZodType<T>): T => {
    const text = readFileSync(join(dir, name), 'utf8');
    hash.update(name).update('\0').update(text).update('\0');
    const parsed = form.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Error(`schema/policy/${name}:\n${z.prettifyError(parsed.error)}`);
    return parsed.data;
  };
  const entries = Object.entries(read('catalogue.json', groupForms));
  const groups = new Map(entries.map(([name, form]): [string, FieldGroup] => [name, toGroup(name, form)]));
  const agreements = readdirSync(join(dir, 'agreements'))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name): readonly Agreement[] => {
      const { department, ...terms } = read(join('agreements', name), agreementFile);
      const stem = name.slice(0, -'.json'.length);
      if (!Array.isArray(department)) return [toAgreement(stem, department, terms)];
      return department.map((one) => toAgreement(`${stem}-${one.toLowerCase().replaceAll('_', '-')}`, one, terms));
    });
  const faults = faultsAmong(agreements);
  if (faults.length > 0) throw new Error(`schema/policy/agreements:\n  ${faults.join('\n  ')}`);
  return { groups, agreements, digest: hash.digest() };
}
