/** The kinds of records by name: for whoever delivers one's own, and for the hub any. */
import type { Bound } from '../access/index.ts';
import { badUserInput } from '../platform/errors.ts';
import type { RecordKind } from './record-kind.ts';

/** Kinds, found by name. */
export interface KindIndex {
  readonly all: readonly RecordKind[];
  /** The kind of a delivery that is here. */
  named(name: string): RecordKind;
  /** The kind of that name of the caller's department; throws BAD_USER_INPUT naming those that there are. */
  of(caller: Bound, name: string): RecordKind;
}

/** Finds among the installed kinds. */
export function indexKinds(all: readonly RecordKind[]): KindIndex {
  const byName = new Map(all.map((kind) => [kind.name, kind]));
  return {
    all,
    named(name) {
      const kind = byName.get(name);
      if (kind === undefined) throw new Error(`The kind ${name} is not installed`);
      return kind;
    },
    of({ department }, name) {
      const kind = byName.get(name);
      if (kind?.department === department) return kind;
      const own = all.filter((one) => one.department === department).map((one) => one.name);
      throw badUserInput(
        own.length === 0
          ? 'Your department delivers no records here. 本部门没有可报送的记录。'
          : `The record must be one of ${own.join(', ')}. 记录类型应为其中之一。`,
        { argument: 'record', allowed: own },
      );
    },
  };
}
