/** The services behind requests for access: ask, answer, extend, withdraw (政务数据共享条例 art. 20–22). */
import { loadPolicy } from '../../access/index.ts';
import type { ActContext, ActParts, Bound } from '../../access/index.ts';
import type { Graph } from '../../graph/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import { badUserInput } from '../../platform/errors.ts';
import type { HubError } from '../../platform/errors.ts';
import { addWorkingDays, UnknownYearError } from '../../platform/working-days.ts';
import { writeAmendment } from '../changes/drafts.ts';
import { notify } from '../notices/notify.ts';
import { stewardAct } from '../steward.ts';
import type { AccessRequestReceipt, AnswerAccessRequestInput, RequestAccessInput } from './access-requests.types.ts';
import { readAsked, refused } from './asked.ts';
import type { Fault } from './asked.ts';
import { loadWorkingCalendar } from './calendar.ts';
import { draftTerms, grantedTerms } from './draft-terms.ts';
import { readGranted } from './granted.ts';
import type { HeldGroup } from './granted.ts';
import { AccessVerdict } from './lists.ts';
import {
  closeRequest,
  findAnswers,
  findByKey,
  findGroups,
  insertRequest,
  lockNumbers,
  lockRequest,
} from './request-rows.ts';
import type { HeldAnswer, HeldRequest } from './request-rows.ts';
import { EXTENSION_DAYS, TERM_DAYS } from './terms.ts';

/** What the services work with. */
export interface AccessRequestsParts extends ActParts {
  readonly graph: Pick<Graph, 'roots' | 'nouns' | 'schema'>;
}

/** The services. Each is recorded in the ledger, its refusals too, and is idempotent on what it is given. */
export interface AccessRequests {
  /**
   * Asks for access, in the caller's own department. Throws BAD_USER_INPUT that names the fields at fault, or where the
   * key stands for another request.
   */
  ask(caller: Bound, input: RequestAccessInput, context: ActContext): Promise<AccessRequestReceipt>;
  /** Answers for the caller's own department. With the last answer, what was granted becomes a draft. Throws BAD_USER_INPUT. */
  answer(caller: Bound, input: AnswerAccessRequestInput, context: ActContext): Promise<AccessRequestReceipt>;
  /** Extends the term of the caller's own department by 10 working days, once, while it lasts. Throws BAD_USER_INPUT. */
  extend(caller: Bound, input: { request: string; reason: string }, context: ActContext): Promise<AccessRequestReceipt>;
  /** Withdraws a request of the caller's own department that is not closed. Throws BAD_USER_INPUT. */
  withdraw(caller: Bound, input: { request: string }, context: ActContext): Promise<AccessRequestReceipt>;
}

const LONGEST_REASON = 1_000;

/** Builds the services. */
export function createAccessRequests(parts: AccessRequestsParts): AccessRequests {
  return {
    ask: (caller, input, context) =>
      stewardAct(
        parts,
        { name: 'requestAccess', caller, context, items: input.groups.length },
        async ({ tx, at, today }) => {
          const { department, client } = caller;
          const policy = await loadPolicy(tx);
          const asked = readAsked(input, { department, policy, graph: parts.graph, today });
          await lockNumbers(tx);
          const known = await findByKey(tx, department, asked.key);
          if (known !== undefined) {
            if (known.digest.equals(asked.digest)) return receipt(tx, known.id, { today, unchanged: true });
            throw refused([
              { field: 'key', reason: 'it stands for another request of your department; take a new one' },
            ]);
          }
          const { id, number, owners } = await insertRequest(tx, asked, { department, client, today, at });
          await notify(tx, {
            departments: owners,
            kind: 'REQUEST_SUBMITTED',
            reference: number,
            text: `${department} 申请共享数据，请在期限内答复 · ${department} asks for access; answer in time`,
            at,
          });
          return receipt(tx, id, { today, unchanged: false });
        },
      ),

    answer: (caller, input, context) =>
      stewardAct(parts, { name: 'answerAccessRequest', caller, context }, async ({ tx, at, today }) => {
        const { request, answer } = await awaiting(tx, caller, input.request);
        const groups = (await findGroups(tx, request.id)).filter(({ owner }) => owner === caller.department);
        const grants = input.verdict === AccessVerdict.GRANT;
        const { granted, faults } = grants ? readGranted(input.groups, groups) : { granted: [], faults: [] };
        const reason = trimmed(input.reason);
        const legalBasis = trimmed(input.legalBasis);
        const grantedUntil = grants ? (input.validUntil ?? null) : null;
        const all = [...faults, ...faultsOfAnswer(input, request, { reason, legalBasis, today })];
        if (all.length > 0) throw refused(all);
        if (answer.verdict !== 'PENDING') {
          const same =
            (answer.verdict === 'GRANTED') === grants &&
            [answer.reason, answer.legalBasis, answer.grantedUntil].join('\n') ===
              [reason, legalBasis, grantedUntil].join('\n') &&
            sameGrants(groups, granted);
          if (same) return receipt(tx, request.id, { today, unchanged: true });
          throw answered();
        }
        if (request.requestedBy === caller.client)
          throw badUserInput('request: whoever asked does not answer; leave it to another steward');
        await tx.query(
          `update access_request_answer set verdict = $2, granted_until = $3, reason = $4, legal_basis = $5,
             answered_by = $6, answered_at = $7 where id = $1`,
          [answer.id, grants ? 'GRANTED' : 'REFUSED', grantedUntil, reason, legalBasis, caller.client, at],
        );
        await tx.query(
          `update access_request_group g set granted_access = given.access, granted_scope = given.scope
           from unnest($2::text[], $3::text[], $4::text[]) as given (name, access, scope)
           where g.request_id = $1 and g.name = given.name`,
          [request.id, ...(['name', 'access', 'scope'] as const).map((key) => granted.map((group) => group[key]))],
        );
        await notify(tx, {
          departments: [request.department],
          kind: 'REQUEST_ANSWERED',
          reference: request.number,
          text: grants
            ? `${caller.department} 同意共享 · ${caller.department} granted access`
            : `${caller.department} 不同意共享 · ${caller.department} refused access`,
          at,
        });
        await concludeWhenAnswered(tx, request, caller, at);
        return receipt(tx, request.id, { today, unchanged: false });
      }),

    extend: (caller, input, context) =>
      stewardAct(parts, { name: 'extendAnswer', caller, context }, async ({ tx, at, today }) => {
        const { request, answer } = await awaiting(tx, caller, input.request);
        const reason = trimmed(input.reason);
        if (reason === null) throw refused([{ field: 'reason', reason: 'say why; the department that asks is told' }]);
        if (reason.length > LONGEST_REASON) throw refused([tooLong('reason')]);
        if (answer.extendedDays > 0) {
          if (answer.extensionReason === reason) return receipt(tx, request.id, { today, unchanged: true });
          throw badUserInput('request: its term was extended once already, and no term is extended twice');
        }
        if (answer.verdict !== 'PENDING') throw answered();
        if (answer.termDays !== TERM_DAYS.CONDITIONAL)
          throw badUserInput('request: what is shared unconditionally has a term that nobody extends');
        const due = await dueDay(tx, answer);
        if (due === null) throw calendarUnknown();
        if (today > due) throw badUserInput('request: its term has ended; a term is extended while it lasts');
        await tx.query(
          `update access_request_answer set extended_days = $2, extension_reason = $3, extended_by = $4, extended_at = $5
           where id = $1`,
          [answer.id, EXTENSION_DAYS, reason, caller.client, at],
        );
        await notify(tx, {
          departments: [request.department],
          kind: 'REQUEST_EXTENDED',
          reference: request.number,
          text: `${caller.department} 延长答复期限 10 个工作日 · ${caller.department} extended its term by 10 working days`,
          at,
        });
        return receipt(tx, request.id, { today, unchanged: false });
      }),

    withdraw: (caller, input, context) =>
      stewardAct(parts, { name: 'withdrawAccessRequest', caller, context }, async ({ tx, at, today }) => {
        const request = await lockRequest(tx, input.request, caller.department);
        if (request?.department !== caller.department) throw notYours();
        if (request.state === 'WITHDRAWN') return receipt(tx, request.id, { today, unchanged: true });
        if (request.state !== 'OPEN') throw badUserInput('request: it is closed; what was answered stands');
        await tx.query(
          `update access_request_answer set verdict = 'LAPSED' where request_id = $1 and verdict = 'PENDING'`,
          [request.id],
        );
        await closeRequest(tx, request, { state: 'WITHDRAWN', client: caller.client, at });
        return receipt(tx, request.id, { today, unchanged: false });
      }),
  };

  /** With the last answer the request is closed, and what was granted becomes the draft of a change. */
  async function concludeWhenAnswered(tx: PoolClient, request: HeldRequest, caller: Bound, at: Date): Promise<void> {
    const answers = await findAnswers(tx, request.id);
    if (answers.some(({ verdict }) => verdict === 'PENDING')) return;
    const groups = await findGroups(tx, request.id);
    const isWhole =
      groups.every(
        ({ access, scope, grantedAccess, grantedScope }) => access === grantedAccess && scope === grantedScope,
      ) && answers.every(({ grantedUntil }) => grantedUntil === null || grantedUntil === request.validUntil);
    const isNone = answers.every(({ verdict }) => verdict === 'REFUSED');
    const state = isNone ? 'REFUSED' : isWhole ? 'GRANTED' : 'PARTLY_GRANTED';
    await closeRequest(tx, request, { state, client: caller.client, at });
    if (isNone) return;
    const { agreements } = await loadPolicy(tx);
    const terms = draftTerms(request, grantedTerms(request, groups, answers), agreements);
    if (terms === undefined) return;
    // The asker's own words, narrowed by the owners: whoever asked is the drafter, and so does not publish.
    await writeAmendment(tx, {
      key: request.number,
      number: terms.number,
      agreement: terms.agreement,
      summary: terms.summary,
      requestId: request.id,
      draftedBy: request.requestedBy,
      draftedDepartment: request.department,
      at,
    });
  }
}

/** The answer that the caller's department gives to the request; what is not its business looks like what is not there. */
async function awaiting(
  tx: PoolClient,
  { department }: Bound,
  number: string,
): Promise<{ readonly request: HeldRequest; readonly answer: HeldAnswer }> {
  const request = await lockRequest(tx, number, department);
  const answer = request && (await findAnswers(tx, request.id)).find(({ owner }) => owner === department);
  if (request === undefined || answer === undefined) throw notYours();
  if (answer.verdict === 'LAPSED') throw badUserInput('request: it was withdrawn');
  return { request, answer };
}

const notYours = (): HubError => badUserInput('request: there is none with this number that waits for your department');
const answered = (): HubError => badUserInput('request: your department has answered it, and an answer stands');
const calendarUnknown = (): HubError =>
  badUserInput('request: its term reaches a year whose holidays are not known; load the arrangement first');
const tooLong = (field: string): Fault => ({ field, reason: `say it in at most ${LONGEST_REASON} characters` });

const trimmed = (text: string | null | undefined): string | null => {
  const bare = text?.trim() ?? '';
  return bare === '' ? null : bare;
};

function faultsOfAnswer(
  { verdict, groups, validUntil }: AnswerAccessRequestInput,
  request: HeldRequest,
  said: { readonly reason: string | null; readonly legalBasis: string | null; readonly today: string },
): Fault[] {
  const faults: Fault[] = [];
  for (const field of ['reason', 'legalBasis'] as const) {
    const text = said[field];
    if (text !== null && text.length > LONGEST_REASON) faults.push(tooLong(field));
    if (verdict === AccessVerdict.REFUSE && text === null)
      faults.push({ field, reason: 'a refusal gives its reason and names its legal basis' });
  }
  const narrows = (groups ?? undefined) !== undefined || (validUntil ?? undefined) !== undefined;
  if (verdict === AccessVerdict.REFUSE && narrows)
    faults.push({ field: 'groups', reason: 'a refusal grants nothing; leave groups and validUntil out' });
  const until = validUntil ?? request.validUntil;
  if (until > request.validUntil || until < request.validFrom)
    faults.push({ field: 'validUntil', reason: 'a day of the period that was asked for' });
  return faults;
}

const sameGrants = (held: Awaited<ReturnType<typeof findGroups>>, granted: readonly HeldGroup[]): boolean =>
  held.every(({ name, grantedAccess, grantedScope }) => {
    const now = granted.find((group) => group.name === name);
    return (now?.access ?? null) === grantedAccess && (now?.scope ?? null) === grantedScope;
  });

/** The last day of the term; null where the calendar does not reach. */
async function dueDay(tx: PoolClient, answer: HeldAnswer): Promise<string | null> {
  return lastDay(await loadWorkingCalendar(tx), answer);
}

function lastDay(calendar: Awaited<ReturnType<typeof loadWorkingCalendar>>, answer: HeldAnswer): string | null {
  try {
    return addWorkingDays(calendar, answer.receivedOn, answer.termDays + answer.extendedDays);
  } catch (error) {
    if (error instanceof UnknownYearError) return null;
    throw error;
  }
}

/** Where the request stands after an act. */
async function receipt(
  tx: PoolClient,
  id: string,
  { today, unchanged }: { readonly today: string; readonly unchanged: boolean },
): Promise<AccessRequestReceipt> {
  const calendar = await loadWorkingCalendar(tx);
  const { rows } = await tx.query<{ number: string; state: HeldRequest['state']; draft: string | null }>(
    `select number, state, (select c.id from policy_change c where c.request_id = r.id order by c.drafted_at limit 1) as draft
     from access_request r where id = $1`,
    [id],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('A request that was just written is gone');
  const answers = (await findAnswers(tx, id)).map((answer) => {
    const dueOn = lastDay(calendar, answer);
    const late = answer.verdict === 'PENDING' && dueOn !== null && dueOn < today;
    const { owner, termDays, extendedDays, verdict } = answer;
    return { owner, state: late ? ('OVERDUE' as const) : verdict, dueOn, termDays: termDays + extendedDays };
  });
  const late = row.state === 'OPEN' && answers.some(({ state }) => state === 'OVERDUE');
  return { id, ...row, state: late ? 'OVERDUE' : row.state, answers, unchanged };
}
