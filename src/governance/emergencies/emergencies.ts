/**
 * Emergency access (应急访问, break-glass): opened with a reason by whoever meets the emergency, over after two hours, told
 * to everyone responsible at once, reviewed afterwards by somebody else (政务数据共享条例 art. 26–29; 个人信息保护法 art. 13
 * (4): 紧急情况下为保护自然人的生命健康和财产安全所必需). It widens nothing by itself: what it opens is an agreement with
 * `emergency: true`, whose plans read nothing while none is open (access/guards.ts).
 */
import { recordedAct, requirePurpose } from '../../access/index.ts';
import type { ActContext, ActParts, Bound, Department } from '../../access/index.ts';
import type { PoolClient } from '../../platform/database.ts';
import { badUserInput, emergencyRequired, operationDenied } from '../../platform/errors.ts';
import { isId, newId } from '../../platform/id.ts';
import { notify } from '../notices/notify.ts';
import type { EmergencyVerdict } from './emergency-access.ts';
import {
  closeAt,
  countOpened,
  findAgreement,
  findNewest,
  insertEmergency,
  lockClient,
  lockEmergency,
  writeReview,
} from './emergency-rows.ts';
import type { HeldEmergency } from './emergency-rows.ts';
import { LONGEST_NOTE, MOST_A_DAY, OPEN_MINUTES, REASON, reviewDueOn } from './terms.ts';

/** Where an emergency access stands after an act. */
export interface EmergencyReceipt extends Pick<
  HeldEmergency,
  'id' | 'caseNo' | 'openedAt' | 'until' | 'closedAt' | 'told' | 'verdict' | 'reviewedAt'
> {
  /** Whether it stood so before. */
  readonly unchanged: boolean;
}

/** What a reviewer found. */
export interface Review {
  readonly id: string;
  readonly verdict: EmergencyVerdict;
  readonly note: string;
}

/** The services. Each is recorded in the ledger, its refusals too, and says so when it is repeated. */
export interface Emergencies {
  /**
   * Opens emergency access for the caller's client and case, for two hours. While it is open, the same. Throws
   * BAD_USER_INPUT for a reason that is none, OPERATION_DENIED after the fifth of a day.
   */
  open(caller: Bound, reason: string, context: ActContext): Promise<EmergencyReceipt>;
  /** Ends it before its time. What is over stays as it is. Throws EMERGENCY_REQUIRED where none was ever opened. */
  close(caller: Bound, context: ActContext): Promise<EmergencyReceipt>;
  /**
   * Reviews what is over: stewards of civil affairs and of the client's department, auditors; never the client that opened
   * it. A review stands. Throws BAD_USER_INPUT, OPERATION_DENIED.
   */
  review(caller: Bound, review: Review, context: ActContext): Promise<EmergencyReceipt>;
}

/** Builds the services. */
export function createEmergencies(parts: ActParts): Emergencies {
  return {
    open: (caller, reason, context) =>
      recordedAct(parts, { name: 'openEmergency', caller, context, admit: mayOpen }, async ({ tx, at, today }) => {
        const why = checkedReason(reason);
        await lockClient(tx, caller.client);
        const known = await findNewest(tx, caller);
        if (known !== undefined && isOpen(known, at)) return receipt(known, true);
        const agreement = await findAgreement(tx, caller, today);
        if (agreement === undefined) throw noAgreement();
        if ((await countOpened(tx, caller.client, today)) >= MOST_A_DAY) throw tooManyToday();
        const told: Department[] = [...new Set([...agreement.owners, caller.department, ...OVERSEERS])].sort();
        const id = newId();
        const until = new Date(at.getTime() + OPEN_MINUTES * 60_000);
        const dueOn = await reviewDueOn(tx, today);
        const terms = { id, agreement: agreement.number, reason: why, openedAt: at, until, reviewDueOn: dueOn, told };
        await insertEmergency(tx, caller, terms);
        await notify(tx, { departments: told, kind: 'EMERGENCY_OPENED', reference: id, text: opened(caller), at });
        return receipt(await lockEmergency(tx, id), false);
      }),

    close: (caller, context) =>
      recordedAct(parts, { name: 'closeEmergency', caller, context, admit: mayOpen }, async ({ tx, at }) => {
        await lockClient(tx, caller.client);
        const known = await findNewest(tx, caller);
        if (known === undefined) throw emergencyRequired();
        if (!isOpen(known, at)) return receipt(known, true);
        await closeAt(tx, known.id, at);
        return receipt({ ...known, closedAt: at }, false);
      }),

    review: (caller, { id, verdict, note }, context) =>
      recordedAct(parts, { name: 'reviewEmergency', caller, context, admit: mayReview }, async ({ tx, at }) => {
        const remark = checkedNote(note);
        const known = await findReviewable(tx, caller, id);
        if (known.client === caller.client) throw ownReview(known.department);
        if (isOpen(known, at)) throw badUserInput('id: it is still open; it is reviewed once it is over or closed');
        if (known.verdict !== null) {
          const same =
            [known.reviewedBy, known.verdict, known.note].join('\n') === [caller.client, verdict, remark].join('\n');
          if (same) return receipt(known, true);
          throw badUserInput(
            'id: it was reviewed, and a review stands; write to the auditors if it has to be taken up again',
          );
        }
        const review = { reviewedBy: caller.client, reviewedAt: at, verdict, note: remark };
        await writeReview(tx, id, review);
        await notify(tx, {
          departments: [...known.told, known.department],
          kind: 'EMERGENCY_REVIEWED',
          reference: id,
          text: reviewed(known, caller, verdict),
          at,
        });
        return receipt({ ...known, ...review }, false);
      }),
  };
}

/** Told of every emergency, whatever it opens. */
const OVERSEERS: readonly Department[] = ['CIVIL_AFFAIRS', 'AUDIT'];

const isOpen = ({ until, closedAt }: HeldEmergency, at: Date): boolean => at < (closedAt ?? until);

/** What is not the caller's to review looks like what is not there. */
async function findReviewable(tx: PoolClient, { role, department }: Bound, id: string): Promise<HeldEmergency> {
  const known = isId(id) ? await lockEmergency(tx, id) : undefined;
  const seesAll = role === 'AUDITOR' || department === 'CIVIL_AFFAIRS';
  if (known === undefined || !(seesAll || known.department === department))
    throw badUserInput('id: there is no emergency access with this identifier for your department to review');
  return known;
}

/** That the agreement opens the mutation the gate has seen to. */
function mayOpen(caller: Bound): void {
  requirePurpose(caller, 'EMERGENCY');
}

function mayReview(caller: Bound, coordinate: string): void {
  const { role } = caller;
  if (role !== 'STEWARD' && role !== 'AUDITOR')
    throw operationDenied(coordinate, 'stewards of data sharing and auditors review', 'CIVIL_AFFAIRS');
  requirePurpose(caller, role === 'STEWARD' ? 'GOVERNANCE' : 'AUDIT');
}

const noAgreement = () =>
  operationDenied('Mutation.openEmergency', 'no emergency agreement is in force for your role', 'CIVIL_AFFAIRS');

const tooManyToday = () =>
  operationDenied(
    'Mutation.openEmergency',
    `your client opened ${MOST_A_DAY} today; what is needed daily is asked for by requestAccess`,
    'CIVIL_AFFAIRS',
  );

const ownReview = (department: Department) =>
  operationDenied('Mutation.reviewEmergency', 'whoever opened an emergency does not review it', department);

/** A run of digits as long as an identity number: the reason is read by many, and is about no person by number. */
const NUMBERED = /\d{15}/;

function checkedReason(reason: string): string {
  const text = reason.trim().normalize('NFC');
  const length = [...text].length;
  if (length < REASON.shortest || length > REASON.longest)
    throw badUserInput(
      `请说明理由（${REASON.shortest}至${REASON.longest}字） reason: say what happened, in ${REASON.shortest} to ${REASON.longest} characters`,
    );
  if (NUMBERED.test(text))
    throw badUserInput(
      '理由中不得写证件号码 reason: leave identity numbers out; the case number says whom it is about',
    );
  return text;
}

function checkedNote(note: string): string {
  const text = note.trim().normalize('NFC');
  if (text === '' || [...text].length > LONGEST_NOTE || NUMBERED.test(text))
    throw badUserInput(
      `请写复核意见（${LONGEST_NOTE}字以内，不写证件号码） note: say what you found, in at most ${LONGEST_NOTE} characters, without identity numbers`,
    );
  return text;
}

const opened = ({ client, department, caseNo }: Bound): string =>
  `${client}（${department}）以应急理由开启访问，业务编号 ${String(caseNo)}，两小时内有效，事后须复核 · ` +
  `${client} opened emergency access in case ${String(caseNo)}, for two hours; a review follows`;

const reviewed = ({ client, caseNo }: HeldEmergency, by: Bound, verdict: EmergencyVerdict): string =>
  `${client} 的应急访问（业务编号 ${caseNo}）经 ${by.department} 复核：${verdict === 'JUSTIFIED' ? '合理' : '不合理'} · ` +
  `The emergency access of ${client} in case ${caseNo} was reviewed by ${by.department}: ${verdict}`;

function receipt(held: HeldEmergency | undefined, unchanged: boolean): EmergencyReceipt {
  if (held === undefined) throw new Error('An emergency access that was just written is gone');
  const { id, caseNo, openedAt, until, closedAt, told, verdict, reviewedAt } = held;
  return { id, caseNo, openedAt, until, closedAt, told, verdict, reviewedAt, unchanged };
}
