/** What a slot may read when a statement runs: the coerced arguments of each place in the operation, and the caller. */
export interface Bindings {
  /** Coerced arguments of each field of the operation that takes any, by the field's number in it. */
  readonly args: readonly Readonly<Record<string, unknown>>[];
  /** Values of the caller and of the moment (`today`, `department`, `regions.countyCode`, …). */
  readonly caller: Readonly<Record<string, unknown>>;
}

/** A property that the caller chose by a code of a `propertyList`, and that code's schema coordinate. */
export interface Choice {
  readonly property: string;
  readonly coordinate: string;
}

/** A parameter of a statement: its PostgreSQL type and how its value is found when the statement runs. */
export interface Slot<T = unknown> {
  /** Equal keys are one parameter. */
  readonly key: string;
  /** PostgreSQL type that the parameter is cast to. */
  readonly type: string;
  readonly read: (bindings: Bindings) => unknown;
  /** Schema coordinate of the argument or input field that the value came through, for a refusal that names it. */
  readonly coordinate?: string;
  /** Properties that a `propertyList` argument names; they are part of the plan, so they are known when it is made. */
  readonly choices?: readonly Choice[];
  /** Only the type checker looks at it. */
  readonly of?: T;
}

/** A slot that holds a value of the caller or of the moment. */
export const callerSlot = <T = unknown>(name: string, type: string): Slot<T> => ({
  key: `caller.${name}`,
  type,
  read: ({ caller }) => caller[name],
});

/** What slots computed from others have found for a request: a column and the record of who was asked about share it. */
const found = new WeakMap<Bindings, Map<string, unknown>>();

/** A slot computed from another one, e.g. one column of a list of inputs, once a request. `name` tells such slots apart. */
export function derive<T, R>(slot: Slot<T>, name: string, type: string, change: (value: T) => R): Slot<R> {
  const key = `${slot.key}|${name}`;
  return {
    key,
    type,
    read: (bindings) => {
      const known = found.get(bindings) ?? new Map<string, unknown>();
      found.set(bindings, known);
      if (known.has(key)) return known.get(key);
      const value = slot.read(bindings);
      const changed = value === undefined || value === null ? null : change(value as T);
      known.set(key, changed);
      return changed;
    },
    ...(slot.coordinate === undefined ? {} : { coordinate: slot.coordinate }),
  };
}
