/**
 * What requests must have said for the ledger to hold what it holds. The policy of the day refuses some values, so whoever
 * was answered did not send them; and what was refused is on record by name.
 */
import { standingOf, tryForm } from './decide.ts';
import type { Side } from './decide.ts';
import type { Form, Part } from './forms.ts';
import type { Recorded } from './recorded.ts';
import type { Trial } from './trial.ts';

/** What is known of the values of recorded requests. */
export interface Evidence {
  readonly form: Form;
  /** What they said beside what every request of the form says. */
  readonly said: readonly Part[];
  /** What they may have said. */
  readonly unsure: readonly Part[];
  /** What was to become of denied fields; `refuse` where nothing tells. */
  readonly onDenied: 'refuse' | 'null';
}

/**
 * What the record tells, given the policy that decided then. Two where it fits requests that wanted nulls in place of a refusal as
 * well as others: a selection that was denied and one that was left out leave the same record. Several where it names a refusal
 * that any of several forms gets, as where nothing was shared at all.
 * @returns nothing where no form of the operation fits the record
 */
export function evidenceOf(then: Side | undefined, asked: Recorded, forms: readonly Form[]): readonly Evidence[] {
  const unknown = (form: Form): Evidence => ({ form, said: [], unsure: form.parts, onDenied: 'refuse' });
  const [first] = forms;
  if (first === undefined) return [];
  if (asked.kind === 'WRITE') return [{ form: first, said: [], unsure: [], onDenied: 'refuse' }];
  const recorded = new Set(asked.nodes.flat());
  // A refusal for want of a purpose or a case names nothing; and without a policy nothing can be concluded.
  const isSilent = asked.decision === 'REFUSED' && recorded.size === 0;
  if (then === undefined || isSilent) return forms.length === 1 && !first.widest ? [unknown(first)] : [];
  const profile = standingOf(then, asked);
  const tried: Tried = (form, parts) => tryForm(then, profile, form, parts);
  const found: Evidence[] = [];
  for (const form of forms) {
    const fitting =
      asked.decision === 'ALLOWED'
        ? fromAnswer(form, recorded, tried)
        : (fromRefusal(form, recorded, tried, 'refuse') ?? fromRefusal(form, recorded, tried, 'null'));
    if (fitting === undefined) continue;
    if (asked.decision === 'REFUSED' || !found.some(({ onDenied }) => onDenied === fitting.onDenied))
      found.push(fitting);
  }
  return found;
}

type Tried = (form: Form, parts: readonly Part[]) => Trial | undefined;

/** What was told: exactly what the form tells, with what some parts add to it. */
function fromAnswer(form: Form, recorded: ReadonlySet<string>, tried: Tried): Evidence | undefined {
  const base = tried(form, []);
  if (base === undefined || base.refused.length > 0) return undefined;
  const said: Part[] = [];
  const unsure: Part[] = [];
  const explained = new Set(base.told);
  for (const part of form.parts) {
    const trial = tried(form, [part]);
    if (trial === undefined || trial.refused.length > 0) continue;
    const more = [...trial.told].filter((coordinate) => !base.told.has(coordinate));
    if (more.length === 0) unsure.push(part);
    else if (more.every((coordinate) => recorded.has(coordinate))) {
      said.push(part);
      for (const coordinate of more) explained.add(coordinate);
    }
  }
  if (!isSame(explained, recorded)) return undefined;
  return { form, said, unsure, onDenied: base.denied.length > 0 ? 'null' : 'refuse' };
}

/** What was denied: exactly what the form is denied, with what some parts add to it. */
function fromRefusal(
  form: Form,
  recorded: ReadonlySet<string>,
  tried: Tried,
  onDenied: 'refuse' | 'null',
): Evidence | undefined {
  const named = (trial: Trial): string[] =>
    (onDenied === 'null' ? trial.refused : trial.denied).map(({ coordinate }) => coordinate);
  const base = tried(form, []);
  if (base === undefined) return undefined;
  const explained = new Set(named(base));
  const said: Part[] = [];
  const unsure: Part[] = [];
  for (const part of form.parts) {
    const trial = tried(form, [part]);
    if (trial === undefined) continue;
    const more = named(trial).filter((coordinate) => !explained.has(coordinate));
    if (more.length === 0) unsure.push(part);
    else if (more.every((coordinate) => recorded.has(coordinate))) {
      said.push(part);
      for (const coordinate of more) explained.add(coordinate);
    }
  }
  return isSame(explained, recorded) ? { form, said, unsure, onDenied } : undefined;
}

const isSame = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((one) => b.has(one));
