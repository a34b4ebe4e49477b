/**
 * What a caller must be answered: graphql-js over plain objects in memory, written from DOMAIN.md section 3, the
 * agreements in schema/policy and the descriptions of the schema, apart from the hub's own code, of which it uses nothing.
 */
import type { GraphQLSchema } from 'graphql';
import { Answering } from './answering.ts';
import type { World } from './nouns.ts';
import { permit } from './permit.ts';
import type { Permission, Touched } from './permit.ts';
import { readRequest } from './request.ts';
import type { Question, Request } from './request.ts';
import { caseloadOf } from './scopes.ts';
import type { Agreement } from './scopes.ts';

/** What must come back, and what must be on record. */
export interface Expected {
  /** Set when the operation is refused as a whole. */
  readonly refused?: { readonly code: string; readonly denied: ReadonlySet<string> };
  readonly data?: Readonly<Record<string, unknown>>;
  /** Coordinates of fields that are null because they are denied. */
  readonly nulled: ReadonlySet<string>;
  readonly masked: ReadonlySet<string>;
  /** Whether it reads what belongs to persons, so that it leaves an entry in the ledger. */
  readonly personal: boolean;
  /** What the entry must say. */
  readonly coordinates: ReadonlySet<string>;
  readonly persons: ReadonlySet<string>;
  readonly households: ReadonlySet<string>;
  /** Which field was told of whom, each an id and a coordinate. */
  readonly told: ReadonlySet<string>;
  /** Numbers that were asked about and are nobody's. */
  readonly misses: number;
  /** What the answer showed, or the refusal was about. */
  readonly touched: readonly Touched[];
  /** Rows that a scope took out of lists and relations. */
  readonly removed: number;
}

/** Answers one question. */
export function expected(
  schema: GraphQLSchema,
  agreements: readonly Agreement[],
  world: World,
  question: Question,
): Expected {
  const request = readRequest(schema, agreements, world, question);
  // Without an agreement in force there is what is public, and nothing else.
  const agreement = request.agreement ?? NO_AGREEMENT;
  const permission = permit(request, agreement);
  const refused = refusalOf(request, agreement, permission);
  const { nulled, masked, coordinates, personal, refusals } = permission;
  if (refused !== undefined) return { ...NOTHING, personal, refused, touched: refused.denied.size > 0 ? refusals : [] };
  const answering = new Answering(request, agreement);
  const data = answering.data();
  const { persons, households, told, misses, removed, touched } = answering;
  return {
    data,
    nulled,
    masked,
    personal,
    coordinates,
    persons,
    households,
    told,
    misses,
    removed,
    touched: [...touched, ...refusals],
  };
}

const NO_AGREEMENT: Agreement = {
  number: '',
  department: '',
  role: '',
  purposes: [],
  operations: [],
  rows: {},
  fields: {},
  validFrom: '',
};

const NOTHING = {
  nulled: new Set<string>(),
  masked: new Set<string>(),
  personal: false,
  coordinates: new Set<string>(),
  persons: new Set<string>(),
  households: new Set<string>(),
  told: new Set<string>(),
  misses: 0,
  touched: [],
  removed: 0,
} as const;

/** Why the whole operation is refused, the gravest reason first. */
function refusalOf(
  { question: { asker, onDenied }, world }: Request,
  { purposes }: Agreement,
  { denied, deniedChoices, deniedOperations, personal, scopes, strangeCursor }: Permission,
): Expected['refused'] {
  if (deniedOperations.size > 0) return { code: 'OPERATION_DENIED', denied: deniedOperations };
  const fields = onDenied === 'null' ? deniedChoices : new Set([...denied, ...deniedChoices]);
  if (fields.size > 0) return { code: 'FIELD_DENIED', denied: fields };
  const because = (code: string) => ({ code, denied: new Set<string>() });
  if (!personal) return undefined;
  if (asker.purpose === undefined) return because('PURPOSE_REQUIRED');
  if (asker.caseNo === undefined) return because('CASE_REQUIRED');
  if (!purposes.includes(asker.purpose)) return because('PURPOSE_NOT_ALLOWED');
  if (strangeCursor) return because('BAD_USER_INPUT');
  const known = caseloadOf(asker, world).some((row) => row['case_no'] === asker.caseNo);
  return (scopes.has('caseload') || scopes.has('case')) && !known ? because('CASE_NOT_IN_CASELOAD') : undefined;
}
