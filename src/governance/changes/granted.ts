/** What owners granted by answering a request for access: their word for what a change opens. */
import { toAgreement } from '../../access/index.ts';
import type { Agreement, Department, FieldGrant } from '../../access/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import type { Granted } from './consent.ts';
import { covers } from './opening.ts';
import type { RowsOpen } from './opening.ts';

interface RequestRow {
  readonly department: Department;
  readonly role: Agreement['role'];
  readonly purposes: Agreement['purposes'];
  readonly operations: readonly string[];
  readonly scopes: readonly string[];
  readonly from: string;
  readonly until: string;
  readonly pending: boolean;
  readonly answers: readonly {
    readonly owner: Department;
    readonly until: string | null;
    readonly groups:
      readonly { readonly name: string; readonly access: string; readonly scope: string | null }[] | null;
  }[];
}

/** Of no request, nothing was granted. */
const NOTHING_GRANTED: Granted = () => false;

/**
 * What the owners granted to a request, from today on: nothing is opened for days that have passed. What nobody answered yet,
 * and what was refused, is not granted; nor is anything before the day from which it was asked for.
 */
export async function readGranted(tx: PoolClient, requestId: string | undefined, today: string): Promise<Granted> {
  if (requestId === undefined) return NOTHING_GRANTED;
  const { rows } = await tx.query<RequestRow>(QUERY, [requestId]);
  const [request] = rows;
  if (request === undefined) return NOTHING_GRANTED;
  const { answers, pending, scopes } = request;
  const rowScopes = Object.fromEntries(
    scopes.map((scope): [string, RowsOpen] => {
      const [type = '', which = ''] = scope.split(':');
      return [type, word(which) as RowsOpen];
    }),
  );
  const byOwner = new Map(
    answers.map(({ owner, until, groups }): [Department, Agreement] => [
      owner,
      asAgreement(request, rowScopes, until ?? request.until, groups ?? []),
    ]),
  );
  return (whole, owner) => {
    const opening = whole.from < today ? { ...whole, from: today } : whole;
    // Operations were part of the request that the owners answered: they stand when all of them have.
    if (opening.kind !== 'FIELDS')
      return !pending && [...byOwner.values()].some((agreement) => covers(agreement, opening));
    const agreement = byOwner.get(owner);
    return agreement !== undefined && covers(agreement, opening);
  };
}

function asAgreement(
  { department, role, purposes, operations, from }: RequestRow,
  rows: Record<string, RowsOpen>,
  until: string,
  groups: NonNullable<RequestRow['answers'][number]['groups']>,
): Agreement {
  const fields = groups.map(({ name, access, scope }): [string, FieldGrant] => [
    name,
    {
      access: word(access) as FieldGrant['access'],
      scope: scope === null ? undefined : (word(scope) as FieldGrant['scope']),
    },
  ]);
  return toAgreement('granted', department, {
    role,
    title: 'granted',
    legalBasis: 'granted',
    purposes: [...purposes],
    validFrom: from,
    validUntil: until,
    emergency: false,
    smallestCount: 0,
    operations: [...operations],
    rows,
    fields: Object.fromEntries(fields),
  });
}

/** A code of the tables as the policy writes it: OWN_DEPARTMENT is own-department. */
const word = (code: string): string => code.toLowerCase().replaceAll('_', '-');

const QUERY = `
  select r.department, r.role, r.purposes, r.operations, r.row_scopes as scopes, r.valid_from as "from",
    r.valid_until as until,
    exists (select from access_request_answer w where w.request_id = r.id and w.verdict = 'PENDING') as pending,
    (select coalesce(json_agg(json_build_object('owner', a.owner, 'until', a.granted_until, 'groups',
        (select json_agg(json_build_object('name', g.name, 'access', g.granted_access, 'scope', g.granted_scope))
           from access_request_group g
          where g.request_id = r.id and g.owner = a.owner and g.granted_access is not null))), '[]')
       from access_request_answer a where a.request_id = r.id and a.verdict = 'GRANTED') as answers
    from access_request r where r.id = $1`;
