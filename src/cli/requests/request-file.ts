/** The file of a request, in the words of the agreements in schema/policy. */
import { z } from 'zod';

/** The file or an option cannot be used as it is; the message says why. */
export class RequestFileError extends Error {
  override readonly name = 'RequestFileError';
}

const form = z.strictObject({
  key: z.string(),
  role: z.string(),
  fields: z.record(z.string(), z.string()),
  rows: z.record(z.string(), z.string()),
  operations: z.array(z.string()),
  purposes: z.array(z.string()),
  legalBasis: z.string(),
  scenario: z.string(),
  mode: z.string(),
  validFrom: z.string(),
  validUntil: z.string(),
});

/** The input of `requestAccess`. Throws RequestFileError that names every member at fault. */
export function toInput(text: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RequestFileError('The file is no JSON.');
  }
  const { data, error } = form.safeParse(json);
  if (error !== undefined) throw new RequestFileError(z.prettifyError(error));
  const { fields, rows, ...rest } = data;
  return {
    ...rest,
    groups: Object.entries(fields).map(([name, grant]) => {
      const [access = '', scope] = grant.split(':');
      return { name, access: code(access), ...(scope === undefined ? {} : { scope: code(scope) }) };
    }),
    rows: Object.entries(rows).map(([type, scope]) => ({ type, scope: code(scope) })),
  };
}

/** `own-department` is OWN_DEPARTMENT in the graph. */
const code = (word: string): string => word.toUpperCase().replaceAll('-', '_');
