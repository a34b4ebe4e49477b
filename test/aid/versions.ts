/** Versions of grants as data, and what they must come to: the rule in words that share nothing with the code. */

/** One version of one key. */
export interface Version {
  readonly key: string;
  readonly version: number;
  readonly reverses: string | null;
  /** Index into the people of the test. */
  readonly person: number;
  /** The house that it is for: in force once. */
  readonly house?: string | null;
}

/** Houses of which two grants would be in force, if these were all versions. */
export function grantedTwice(all: readonly Version[]): readonly string[] {
  const states = statesOf(all);
  const houses = all.flatMap((one) => (states[`${one.key}/${one.version}`] === 'CURRENT' ? (one.house ?? []) : []));
  return houses.filter((house, n) => houses.indexOf(house) !== n);
}

/** State of each `key/version`, with the version or key that made it so. */
export function statesOf(all: readonly Version[]): Record<string, string> {
  const byKey = new Map<string, Version[]>();
  for (const one of all) byKey.set(one.key, [...(byKey.get(one.key) ?? []), one]);
  const of = (key: string | null) => (key === null ? [] : (byKey.get(key) ?? []));
  const heads = [...byKey.values()].flatMap((versions) => {
    const newest = Math.max(...versions.map(({ version }) => version));
    return versions.filter(({ version }) => version === newest);
  });
  const undoes = ({ reverses, person }: Version): boolean =>
    of(reverses).some((original) => original.reverses === null && original.person === person);
  const stateOf = (one: Version): string => {
    const later = of(one.key).filter(({ version }) => version > one.version);
    if (later.length > 0) return `SUPERSEDED ${Math.min(...later.map(({ version }) => version))}`;
    if (one.reverses !== null) return undoes(one) ? 'REVERSAL' : 'PENDING';
    const [by] = heads
      .filter((head) => head.reverses === one.key && undoes(head))
      .map(({ key }) => key)
      .sort();
    return by === undefined ? 'CURRENT' : `REVERSED ${by}`;
  };
  return Object.fromEntries(all.map((one) => [`${one.key}/${one.version}`, stateOf(one)]));
}
