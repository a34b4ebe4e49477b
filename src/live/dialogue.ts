/** The body that a batch of questions is sent in, and the answers in what comes back, each for the person asked about. */
import { SourceFault } from './fault.ts';
import type { AnyQuestion } from './question.ts';
import type { SourceSettings } from './settings.ts';

type Shape = Pick<SourceSettings, 'kind' | 'document' | 'request' | 'answer'>;

/** What a source says of one person. */
export type Said = { readonly known: boolean; readonly values: Readonly<Record<string, unknown>> };

/** The body for these numbers. */
export function bodyOf({ kind, document, request: { list, key } }: Shape, numbers: readonly string[]): string {
  const asked = { [list]: key === undefined ? numbers : numbers.map((number) => ({ [key]: number })) };
  return JSON.stringify(kind === 'GRAPHQL' ? { query: document, variables: asked } : asked);
}

/**
 * What was said of each number, in their order: a fault of its own for a person whose answer is malformed or missing.
 * @throws SourceFault where the answer as a whole cannot be trusted: it is of another form, speaks twice of a person, or
 * of one who was not asked about
 */
export function readAnswers(
  { answer }: Shape,
  { members }: Pick<AnyQuestion, 'members'>,
  numbers: readonly string[],
  sent: unknown,
): readonly (Said | SourceFault)[] {
  const items = at(sent, answer.list);
  if (!Array.isArray(items)) throw new SourceFault('BAD_ANSWER', 'the answer has no list of answers');
  const asked = new Set(numbers);
  const said = new Map<string, Said | SourceFault>();
  for (const item of items as readonly unknown[]) {
    // A GraphQL source leaves null where it failed for one of them.
    if (item === null) continue;
    const number = own(item, answer.key);
    if (typeof number !== 'string' || !asked.has(number))
      throw new SourceFault('BAD_ANSWER', 'the answer speaks of somebody who was not asked about');
    if (said.has(number)) throw new SourceFault('BAD_ANSWER', 'the answer speaks twice of one person');
    said.set(number, readItem(item, answer, members));
  }
  return numbers.map(
    (number) => said.get(number) ?? new SourceFault('NOT_ANSWERED', 'the answer says nothing about a person'),
  );
}

function readItem(
  item: unknown,
  { known: knownAs, fields }: Shape['answer'],
  members: AnyQuestion['members'],
): Said | SourceFault {
  const known = knownAs === undefined ? true : own(item, knownAs);
  if (typeof known !== 'boolean') return malformed();
  const values: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(members)) {
    const theirs = fields[name] ?? name;
    const value = read(own(item, theirs));
    if (value === undefined || (value !== null && !known)) return malformed();
    values[name] = value;
  }
  return { known, values };
}

const malformed = (): SourceFault => new SourceFault('BAD_ANSWER', 'the answer about a person is malformed');

/** A member of an object; undefined where there is none, or no object. */
const own = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

const at = (value: unknown, path: string): unknown => path.split('.').reduce(own, value);
