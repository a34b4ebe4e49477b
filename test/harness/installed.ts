/** What of the departments is installed: a test that needs one for its example takes the first that there is. */
import { readAbsent } from '../../src/server/department-modules.ts';

const { names: absent } = readAbsent();

/** Whether a type, a field (`Person.studentRecords`) or an operation is there. */
export const isInstalled = (name: string): boolean => !absent.has(name);

/** Of entries that each begin with a type of a department: those whose module is installed. */
export const ofInstalled = <T extends readonly [type: string, ...unknown[]]>(entries: readonly T[]): readonly T[] =>
  entries.filter(([type]) => isInstalled(type));

/**
 * Of examples from several departments, the one that a test prefers first, the first whose type is installed.
 *
 * @throws where none is: a test never goes without
 */
export function exampleOf<T extends { readonly type: string }>(examples: readonly T[]): T {
  const found = examples.find(({ type }) => isInstalled(type));
  if (found === undefined) throw new Error(`None is installed: ${examples.map(({ type }) => type).join(', ')}`);
  return found;
}
