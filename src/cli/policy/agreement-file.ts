/** An agreement as a file, in the words of schema/policy, and as the hub's interface has it. */
import { z } from 'zod';

/** The file cannot be used as it is; the message says why. */
export class AgreementFileError extends Error {
  override readonly name = 'AgreementFileError';
}

const words = z.record(z.string(), z.string());
const agreement = z.looseObject({ number: z.string().optional(), rows: words, fields: words });
const catalogue = z.strictObject({ catalogue: z.record(z.string(), z.looseObject({})) });

/** What `draftPolicyChange` takes of the file: `{ kind, agreement?, terms }` or `{ kind, entries }`. */
export function toDraft(text: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AgreementFileError('The file is no JSON.');
  }
  const entries = catalogue.safeParse(json).data?.catalogue;
  if (entries !== undefined)
    return { kind: 'CATALOGUE', entries: Object.entries(entries).map(([name, entry]) => ({ name, ...entry })) };
  const { data, error } = agreement.safeParse(json);
  if (error !== undefined) throw new AgreementFileError(z.prettifyError(error));
  const { number, rows, fields, ...terms } = data;
  return {
    kind: 'AMEND',
    ...(number === undefined ? {} : { agreement: number }),
    terms: {
      ...terms,
      rows: Object.entries(rows).map(([type, scope]) => ({ type, scope: code(scope) })),
      fields: Object.entries(fields).map(([name, grant]) => {
        const [access = '', scope] = grant.split(':');
        return { name, access: code(access), ...(scope === undefined ? {} : { scope: code(scope) }) };
      }),
    },
  };
}

const told = z.looseObject({
  validUntil: z.string().nullable(),
  missesPerDay: z.number().nullable(),
  rows: z.array(z.object({ type: z.string(), scope: z.string() })),
  fields: z.array(z.object({ group: z.string(), access: z.string(), scope: z.string().nullable() })),
});

/** The file of an agreement that the hub told. */
export function toFile(found: unknown): Readonly<Record<string, unknown>> {
  const { validUntil, missesPerDay, rows, fields, state: _, stateReason: __, ...terms } = told.parse(found);
  return {
    ...terms,
    ...(validUntil === null ? {} : { validUntil }),
    ...(missesPerDay === null ? {} : { missesPerDay }),
    rows: Object.fromEntries(rows.map(({ type, scope }) => [type, word(scope)])),
    fields: Object.fromEntries(
      fields.map(({ group, access, scope }) => [
        group,
        scope === null ? word(access) : `${word(access)}:${word(scope)}`,
      ]),
    ),
  };
}

/** `own-department` is OWN_DEPARTMENT in the graph. */
const code = (text: string): string => text.toUpperCase().replaceAll('-', '_');
const word = (text: string): string => text.toLowerCase().replaceAll('_', '-');
