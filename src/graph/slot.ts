/** What a slot may read when a statement runs: the coerced arguments of each place in the operation, and the caller. */
export interface Bindings {
  /** Arguments by the number of the field in the operation. */
  readonly args: readonly Readonly<Record<string, unknown>>[];
  /** Values of the caller and of the moment (`today`, `regions.county`, `department`, `caseNo`, …). */
  readonly caller: Readonly<Record<string, unknown>>;
}

/** A parameter of a statement: its PostgreSQL type and how its value is found when the statement runs. */
export interface Slot<T = unknown> {
  /** Equal keys are one parameter. */
  readonly key: string;
  readonly type: string;
  readonly read: (bindings: Bindings) => unknown;
  /** Only the type checker looks at it. */
  readonly of?: T;
}

/** A slot that holds a value of the caller or of the moment. */
export const callerSlot = (name: string, type: string): Slot => ({
  key: `caller.${name}`,
  type,
  read: ({ caller }) => caller[name],
});

/** A slot computed from another one: several columns of one list argument, say. */
export function derive<T, R>(slot: Slot<T>, name: string, type: string, change: (value: T) => R): Slot<R> {
  return { key: `${slot.key}|${name}`, type, read: (bindings) => change(slot.read(bindings) as T) };
}
