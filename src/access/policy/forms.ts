/** The forms in which agreements and the catalogue are written: in files, in drafts of changes, in the database. */
import { z } from 'zod';
import { DEPARTMENTS, PURPOSES, ROLES } from '../caller.ts';
import type { Department } from '../caller.ts';
import { SCOPES } from '../row-scope.ts';
import { AGREEMENT_STATES, RHYTHMS, SHARING_ATTRIBUTES } from './agreement.ts';
import type { Agreement, FieldGrant, FieldGroup } from './agreement.ts';

const date = z.iso.date();
const narrowing = z.enum(['region', 'caseload', 'case', 'own-department']);

/** `full`, `masked`, or with a scope narrower than the row's: `full:case`. */
const grant = z.string().transform((text, context): FieldGrant => {
  const [access, scope, ...more] = text.split(':');
  const parsed = z
    .object({ access: z.enum(['full', 'masked']), scope: narrowing.optional() })
    .safeParse({ access, scope });
  if (parsed.success && more.length === 0) return { access: parsed.data.access, scope: parsed.data.scope };
  context.addIssue({
    code: 'custom',
    message: `"${text}" is not full or masked, with :region, :caseload, :case or :own-department`,
  });
  return z.NEVER;
});

const terms = {
  role: z.enum(ROLES),
  title: z.string().min(1),
  legalBasis: z.string().min(1),
  purposes: z.array(z.enum(PURPOSES)).min(1),
  validFrom: date,
  validUntil: date.optional(),
  emergency: z.boolean().default(false),
  smallestCount: z.int().min(0).default(0),
  missesPerDay: z.int().min(0).max(100_000_000).optional(),
  operations: z.array(z.string()),
  rows: z.record(z.string(), z.enum(SCOPES)),
  fields: z.record(z.string(), grant),
};
const NUMBER = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;
const department = z.enum(DEPARTMENTS);

/** An agreement as a draft brings it; without a number it is a new one. */
export const agreementForm = z.strictObject({ number: z.string().regex(NUMBER).optional(), department, ...terms });
/** An agreement that a file holds; with several departments, each has one of its own with the same terms. */
export const agreementFile = z.strictObject({
  department: z.union([department, z.array(department).min(1)]),
  ...terms,
});
/** An agreement that the database holds. */
export const storedAgreement = z.strictObject({
  number: z.string(),
  department,
  ...terms,
  validUntil: date.nullable(),
  missesPerDay: terms.missesPerDay.unwrap().nullable(),
  state: z.enum(AGREEMENT_STATES),
  stateReason: z.string().nullable(),
});

const entry = {
  title: z.string().min(1),
  owner: department,
  attribute: z.enum(SHARING_ATTRIBUTES),
  legalBasis: z.string().min(1),
};
const sensitivity = z.enum(['PUBLIC', 'INTERNAL', 'PERSONAL', 'SENSITIVE']);

/** An entry of the catalogue as a file or a draft brings it. */
const groupForm = z.strictObject({
  ...entry,
  format: z.string().min(1),
  rhythm: z.enum(RHYTHMS),
  sensitivity,
  note: z.string().min(1).optional(),
});
/** An entry of the catalogue that the database holds. */
export const storedGroup = z.strictObject({
  name: z.string(),
  ...entry,
  format: z.string().nullable(),
  rhythm: z.enum(RHYTHMS).nullable(),
  sensitivity: sensitivity.nullable(),
  note: z.string().nullable(),
});

/** Entries of the catalogue by the names of their groups. */
export const groupForms = z.record(z.string().regex(/^[a-z][a-z-]{0,62}$/), groupForm);

type Terms = Omit<z.infer<typeof agreementForm>, 'number' | 'department'>;

/** An agreement in its first state. */
export const toAgreement = (number: string, of: Department, form: Terms): Agreement => ({
  ...form,
  number,
  department: of,
  validUntil: form.validUntil,
  missesPerDay: form.missesPerDay,
  state: 'ACTIVE',
  stateReason: undefined,
  operations: new Set(form.operations),
  rows: new Map(Object.entries(form.rows)),
  fields: new Map(Object.entries(form.fields)),
});

/** An agreement that the database held. */
export const fromStoredAgreement = (stored: z.infer<typeof storedAgreement>): Agreement => ({
  ...toAgreement(stored.number, stored.department, {
    ...stored,
    validUntil: stored.validUntil ?? undefined,
    missesPerDay: stored.missesPerDay ?? undefined,
  }),
  state: stored.state,
  stateReason: stored.stateReason ?? undefined,
});

/** An entry of the catalogue from its form. */
export const toGroup = (name: string, form: z.infer<typeof groupForm>): FieldGroup => ({
  ...form,
  name,
  note: form.note,
});

/** An entry of the catalogue that the database held. */
export const fromStoredGroup = (stored: z.infer<typeof storedGroup>): FieldGroup => ({
  ...stored,
  format: stored.format ?? undefined,
  rhythm: stored.rhythm ?? undefined,
  sensitivity: stored.sensitivity ?? undefined,
  note: stored.note ?? undefined,
});

/** The agreement in the form of its file: what people read, edit and send back. */
export function toForm({
  operations,
  rows,
  fields,
  state: _,
  stateReason: __,
  validUntil,
  missesPerDay,
  ...rest
}: Agreement) {
  return {
    ...rest,
    ...(validUntil === undefined ? {} : { validUntil }),
    ...(missesPerDay === undefined ? {} : { missesPerDay }),
    operations: [...operations],
    rows: Object.fromEntries(rows),
    fields: Object.fromEntries([...fields].map(([group, given]) => [group, grantText(given)])),
  };
}

/** `full`, `masked`, `full:case`. */
export const grantText = ({ access, scope }: FieldGrant): string =>
  scope === undefined ? access : `${access}:${scope}`;
