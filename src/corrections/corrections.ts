/**
 * Disputed values (校核; 政务数据共享条例 art. 26): a department that was told a value disputes it, the department that answers
 * for it answers within its term, and a corrected value is recalled from all who were told it.
 */
import { createHash } from 'node:crypto';
import { actOnPersons, byPolicy, requirePurpose } from '../access/index.ts';
import type { ActContext, ActMoment, ActParts, Bound } from '../access/index.ts';
import { notify } from '../governance/index.ts';
import type { Graph } from '../graph/index.ts';
import { badUserInput, operationDenied } from '../platform/errors.ts';
import { recall, recordBehind } from '../registry/index.ts';
import { carryOut } from './carry-out.ts';
import {
  closeCorrection,
  findByKey,
  findValueRow,
  insertCorrection,
  isDeliveryOf,
  lastTold,
  lockCorrection,
  lockNumbers,
  personsOf,
  termOn,
} from './correction-rows.ts';
import type { HeldCorrection } from './correction-rows.ts';
import type { AnswerCorrectionInput, CorrectionReceipt, OpenCorrectionInput } from './corrections.types.ts';
import { isDepartment } from './departments.ts';
import { answersIn, findDisputable, toldIn } from './disputable.ts';
import { asNamed, asValueSubject, idOf, namedSubject, standing, subjectOf } from './subject.ts';

/** The service behind the mutations of corrections. Business faults are BAD_USER_INPUT and say what to change. */
export interface Corrections {
  /** Disputes a value that the caller's department was told. Idempotent on the key. */
  open(caller: Bound, input: OpenCorrectionInput, context: ActContext): Promise<CorrectionReceipt>;
  /** Answers for the caller's department; the same answer again changes nothing, another one is refused. */
  answer(caller: Bound, input: AnswerCorrectionInput, context: ActContext): Promise<CorrectionReceipt>;
  /** Takes a correction of the caller's department back. */
  withdraw(caller: Bound, input: { number: string; reason: string }, context: ActContext): Promise<CorrectionReceipt>;
}

/** What corrections are made with. */
export interface CorrectionsParts extends ActParts {
  readonly graph: Graph;
}

/** Builds the service. */
export function createCorrections(parts: CorrectionsParts): Corrections {
  const { graph } = parts;
  return {
    open: (caller, input, context) =>
      actOnPersons(parts, { name: 'openCorrection', caller, context, admit: byPolicy }, async (moment) => {
        const { correction, unchanged } = await open(graph, caller, input, moment);
        return { result: receiptOf(correction, { unchanged }), ...asNamed(correction) };
      }),
    answer: (caller, input, context) =>
      actOnPersons(parts, { name: 'answerCorrection', caller, context, admit: requireRegistrar }, async (moment) => {
        const { correction, recalled, unchanged } = await answer(graph, caller, input, moment);
        return { result: receiptOf(correction, { recalled, unchanged }), ...asNamed(correction) };
      }),
    withdraw: (caller, input, context) =>
      actOnPersons(parts, { name: 'withdrawCorrection', caller, context, admit: byPolicy }, async (moment) => {
        const { correction, unchanged } = await withdraw(caller, input, moment);
        return { result: receiptOf(correction, { unchanged }), ...asNamed(correction) };
      }),
  };
}

const receiptOf = (
  { id, number, state, owner, dueOn }: HeldCorrection,
  { recalled = 0, unchanged = false }: { readonly recalled?: number; readonly unchanged?: boolean },
): CorrectionReceipt => ({ id, number, state, owner, dueOn, recalled, unchanged });

function requireRegistrar(caller: Bound, coordinate: string): void {
  if (caller.role !== 'REGISTRAR')
    throw operationDenied(
      coordinate,
      'it is for the registrar of the department that answers for the value',
      'CIVIL_AFFAIRS',
    );
  requirePurpose(caller, 'DATA_QUALITY');
}

interface Opened {
  readonly correction: HeldCorrection;
  readonly unchanged: boolean;
}

/** One sentence for whom the hub does not know, who was never asked about, and another's record: none of them is told. */
const notTold = () =>
  badUserInput(
    'coordinate: your department was not told this value of this person or household; what a department disputes, the ledger must show that it was told',
  );

async function open(graph: Graph, caller: Bound, input: OpenCorrectionInput, moment: ActMoment): Promise<Opened> {
  const { tx, at, today } = moment;
  const { department, client, caseNo = '' } = caller;
  const [key, claimed, evidence] = [
    text('key', input.key, 64),
    text('claimed', input.claimed, 500),
    text('evidence', input.evidence, 1_000),
  ];
  const disputed = findDisputable(graph, input.coordinate);
  if (disputed === undefined)
    throw badUserInput('coordinate: no field that tells values of persons or households, such as StudentRecord.grade');
  const { coordinate, table } = disputed;
  const named = namedSubject(input);
  if (!disputed.subjects.includes(named.kind))
    throw badUserInput(
      `coordinate: ${coordinate} is no value of a ${named.kind}; name the other, by its ${disputed.subjects.join('')}Id`,
    );
  const own = table?.own === named.kind;
  const recordId = idOf(input.recordId);
  if (recordId === undefined && table?.department !== undefined)
    throw badUserInput(`recordId: name the record; of ${disputed.type} the department that recorded it answers`);
  const subject = named.id === undefined ? undefined : await standing(tx, { kind: named.kind, id: named.id });
  const digestOf = (id: string | undefined): Buffer =>
    createHash('sha256')
      .update(JSON.stringify([id, coordinate, own ? null : (recordId ?? null), claimed, evidence, caseNo]))
      .digest();

  await lockNumbers(tx);
  const known = await findByKey(tx, department, key);
  if (known !== undefined) {
    // Sent again after a merge it may name either id.
    if (subject?.ids.some((id) => known.digest.equals(digestOf(id)))) return { correction: known, unchanged: true };
    throw badUserInput(`key: ${known.number} has this key and says something else; use another key`);
  }
  const told = subject && (await lastTold(tx, { subject, department, coordinate }));
  if (!told || (input.recordId && recordId === undefined)) throw notTold();
  if (own && recordId !== undefined && !subject.ids.includes(recordId)) throw notTold();
  const rowId = own ? subject.id : recordId;
  const row = table && rowId && (await findValueRow(tx, table, { recordId: rowId, subject }));
  if (table && rowId && !row) throw notTold();
  const recorder = (row || undefined)?.department ?? disputed.owner;
  const owner = isDepartment(recorder) ? recorder : disputed.owner;
  if (owner === department)
    throw badUserInput('coordinate: your own department answers for this value; deliver it anew');
  const termDays = await termOn(tx, today);
  if (termDays === undefined)
    throw badUserInput(
      'No term for the answer is known for today; the operator loads the reference data: hub seed --reference',
    );
  const noun = graph.nouns.get(disputed.type);
  const correction = await insertCorrection(tx, {
    department,
    owner,
    key,
    digest: digestOf(subject.id),
    subject,
    coordinate,
    group: disputed.group,
    record: noun && recordBehind(noun),
    // A person's own row is the person, also after a merge.
    recordId: own ? undefined : recordId,
    claimed,
    evidence,
    caseNo,
    client,
    at,
    today,
    termDays,
    // What was recorded after the department was told is not what it was told.
    valueSince: row && row.recordedAt <= told ? row.recordedAt : undefined,
  });
  if (correction === undefined)
    throw badUserInput(
      'coordinate: your department disputes this value already; "corrections" shows where that stands',
    );
  await notify(tx, {
    departments: [owner],
    kind: 'CORRECTION_OPENED',
    reference: correction.number,
    text: `${department} 对 ${coordinate} 提出校核 ${correction.number}，请于 ${correction.dueOn ?? '法定期限'} 前答复 · disputes a value of yours`,
    at,
  });
  return { correction, unchanged: false };
}

async function answer(
  graph: Graph,
  caller: Bound,
  input: AnswerCorrectionInput,
  { tx, at }: ActMoment,
): Promise<Opened & { readonly recalled: number }> {
  const held = await lockCorrection(tx, input.number, { party: 'owner', department: caller.department });
  if (held === undefined)
    throw badUserInput('number: there is no correction with this number for your department to answer');
  const state = input.verdict;
  const reason = input.reason === undefined || input.reason === null ? null : text('reason', input.reason, 1_000);
  const [correctedRecordId, deliveryId] = [idOf(input.recordId) ?? null, idOf(input.deliveryId) ?? null];
  if (held.state !== 'OPEN') {
    const same =
      held.state === state &&
      held.reason === reason &&
      held.correctedRecordId === correctedRecordId &&
      held.deliveryId === deliveryId;
    if (same) return { correction: held, recalled: 0, unchanged: true };
    throw badUserInput(`number: ${held.number} is ${held.state}; an answer is given once`);
  }
  if (state === 'UPHELD') {
    if (reason === null) throw badUserInput('reason: a value that stands needs a reason');
    if (input.recordId || input.deliveryId)
      throw badUserInput('recordId, deliveryId: only of a value that was corrected');
  } else await requireNewValue(graph, held, { input, correctedRecordId, deliveryId }, tx);
  await closeCorrection(tx, held.id, { state, reason, correctedRecordId, deliveryId, client: caller.client, at });
  await notify(tx, {
    departments: [held.department],
    kind: 'CORRECTION_ANSWERED',
    reference: held.number,
    text: `校核 ${held.number} 已答复：${state === 'UPHELD' ? '核实无误 · upheld' : '已更正 · corrected'}`,
    at,
  });
  const correction = { ...held, state };
  if (state === 'UPHELD') return { correction, recalled: 0, unchanged: false };
  const since = input.wrongSince ? new Date(`${input.wrongSince}T00:00:00+08:00`) : (held.valueSince ?? undefined);
  const told = toldIn(graph, held.coordinate);
  const order = { cause: 'CORRECTED', reference: held.number, since, at } as const;
  const orders = await recall(tx, [
    { ...order, ...asValueSubject(subjectOf(held)), told },
    ...(await ofItsPersons(tx, held, answersIn(graph, told))).map((one) => ({ ...order, ...one })),
  ]);
  const { recalls } = await carryOut(tx, { graph, at, only: { orders, reference: held.number } });
  return { correction, recalled: recalls, unchanged: false };
}

/** What a household's value told of its persons, in answers that name no household. */
async function ofItsPersons(
  tx: ActMoment['tx'],
  { householdId }: HeldCorrection,
  told: readonly string[],
): Promise<readonly { readonly personId: string; readonly told: readonly string[] }[]> {
  if (householdId === null || told.length === 0) return [];
  return (await personsOf(tx, householdId)).map((personId) => ({ personId, told }));
}

/** What was corrected is there to be read: a record of the person or household, or a delivery of the owner that was applied. */
async function requireNewValue(
  graph: Graph,
  held: HeldCorrection,
  given: {
    readonly input: AnswerCorrectionInput;
    readonly correctedRecordId: string | null;
    readonly deliveryId: string | null;
  },
  tx: ActMoment['tx'],
): Promise<void> {
  const { input, correctedRecordId, deliveryId } = given;
  if (correctedRecordId === null && deliveryId === null)
    throw badUserInput('recordId, deliveryId: name the record or the delivery that holds the corrected value');
  const table = findDisputable(graph, held.coordinate)?.table;
  if (input.recordId) {
    const subject = subjectOf(held);
    const found =
      table && correctedRecordId
        ? await findValueRow(tx, table, {
            subject,
            // The person's own row, also under the id that was disputed before a merge.
            recordId:
              table.own === subject.kind
                ? (await standing(tx, { kind: subject.kind, id: correctedRecordId })).id
                : correctedRecordId,
          })
        : undefined;
    if (found === undefined)
      throw badUserInput(`recordId: the ${subject.kind} has no such record; name the delivery instead`);
  }
  if (input.deliveryId && !(deliveryId && (await isDeliveryOf(tx, deliveryId, held.owner))))
    throw badUserInput('deliveryId: your department applied no such delivery');
}

async function withdraw(
  caller: Bound,
  input: { readonly number: string; readonly reason: string },
  { tx, at }: ActMoment,
): Promise<Opened> {
  const { department, client } = caller;
  const reason = text('reason', input.reason, 1_000);
  const held = await lockCorrection(tx, input.number, { party: 'department', department });
  if (held === undefined) throw badUserInput('number: there is no correction of your department with this number');
  if (held.state === 'WITHDRAWN') return { correction: held, unchanged: true };
  if (held.state !== 'OPEN') throw badUserInput(`number: ${held.number} is ${held.state}; what was answered stays`);
  await closeCorrection(tx, held.id, {
    state: 'WITHDRAWN',
    reason,
    correctedRecordId: null,
    deliveryId: null,
    client,
    at,
  });
  await notify(tx, {
    departments: [held.owner],
    kind: 'CORRECTION_WITHDRAWN',
    reference: held.number,
    text: `校核 ${held.number} 已由 ${department} 撤回 · withdrawn`,
    at,
  });
  return { correction: { ...held, state: 'WITHDRAWN' }, unchanged: false };
}

function text(name: string, given: string, most: number): string {
  const trimmed = given.normalize('NFC').trim();
  if (trimmed === '' || [...trimmed].length > most || trimmed.includes('\0'))
    throw badUserInput(`${name}: a text of 1 to ${String(most)} characters`);
  return trimmed;
}
