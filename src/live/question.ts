/** A question that a field of a noun puts to a department, and how its answer is read. */
import { parseDate, parseMonth } from '../platform/dates.ts';

/** Reads a member of an answer: null where there is nothing; undefined where it is not what it should be. */
export type Read<T> = (value: unknown) => T | null | undefined;

const orNull =
  <T>(read: (value: unknown) => T | undefined): Read<T> =>
  (value) =>
    value === undefined || value === null ? null : read(value);

/** A code of a closed list. */
export const liveCode = <C extends string>(list: Readonly<Record<C, unknown>>): Read<C> =>
  orNull((value) => (typeof value === 'string' && Object.hasOwn(list, value) ? (value as C) : undefined));

/** A date, YYYY-MM-DD. */
export const liveDate: Read<string> = orNull((value) => (typeof value === 'string' ? parseDate(value) : undefined));

/** A month, YYYY-MM. */
export const liveMonth: Read<string> = orNull((value) => (typeof value === 'string' ? parseMonth(value) : undefined));

/** A question, whatever its answer. Its name is that of the source in the settings. */
export interface AnyQuestion {
  readonly name: string;
  /** The department that is asked, and so learns whom somebody asks about. */
  readonly department: string;
  /** How each member of an answer is read. */
  readonly members: Readonly<Record<string, Read<unknown>>>;
}

/** A question whose answer has the members of T. */
export interface LiveQuestion<T> extends AnyQuestion {
  /** Only the type checker looks at it. */
  readonly of?: T;
}

/** Declares a question. */
export const liveQuestion = <T extends object>(question: {
  readonly name: string;
  readonly department: string;
  readonly members: { readonly [K in keyof T]: Read<NonNullable<T[K]>> };
}): LiveQuestion<T> => ({ ...question, members: { ...question.members } });
