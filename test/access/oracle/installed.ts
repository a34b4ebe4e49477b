/**
 * Which of what the oracle knows this hub has: what comes with the module of a department (`schema/departments.json`) is
 * there when the list of modules names the department. Read as text, so that nothing of the hub is asked.
 */
import { readFileSync } from 'node:fs';

type Belongings = Readonly<
  Record<string, Readonly<Record<'types' | 'fields' | 'groups' | 'operations', readonly string[]>>>
>;

const named = new Set(
  [...readFileSync('src/server/departments.ts', 'utf8').matchAll(/^export \{ (\w+) \} from/gmu)].map(
    ([, name = '']) => name,
  ),
);
const belongings = JSON.parse(readFileSync('schema/departments.json', 'utf8')) as Belongings;

/** Types, coordinates, groups and operations of the departments without a module; empty where all are installed. */
const ABSENT: ReadonlySet<string> = new Set(
  Object.entries(belongings)
    .filter(([department]) => !named.has(department))
    .flatMap(([, { types, fields, groups, operations }]) => [...types, ...fields, ...groups, ...operations]),
);

/** Whether a type, an operation or a department is there. */
export const isThere = (name: string): boolean => (name in belongings ? named.has(name) : !ABSENT.has(name));

/** Of things by their names those that are there; fields of a type by the type's name. */
export const there = <T>(things: Readonly<Record<string, T>>, type?: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(things).filter(([name]) => isThere(type === undefined ? name : `${type}.${name}`)));
