/** What of the graph can be disputed, who answers for it, and in which fields its value is told. */
import type { Graph, NounField } from '../graph/index.ts';
import { isDepartment } from './departments.ts';
import type { Department } from '../access/index.ts';
import type { SubjectKind } from './subject.ts';

/** A field whose values departments are told. */
export interface Disputable {
  readonly coordinate: string;
  /** Group of the sharing catalogue. */
  readonly group: string;
  /** Department that answers for the field, by its rule. */
  readonly owner: Department;
  /** Name of the type. */
  readonly type: string;
  /** Whose value it can be. */
  readonly subjects: readonly SubjectKind[];
  /** Where the value stands in a row of a table: how that row is found, and tied to its subject. */
  readonly table: DisputableTable | undefined;
}

/** Names of the schema's own, quoted by whoever uses them. */
export interface DisputableTable {
  readonly name: string;
  readonly key: string;
  /** Columns that name the person and the household of a row, as far as there are. */
  readonly columns: Readonly<Partial<Record<SubjectKind, string>>>;
  /** The subject whose own row it is: a person's in `person`. Others have several rows. */
  readonly own: SubjectKind | undefined;
  /** Column with the department that recorded the row, and so answers for it. */
  readonly department: string | undefined;
}

/** The field; undefined where there is none of that name that holds values of persons or households. */
export function findDisputable(graph: Graph, coordinate: string): Disputable | undefined {
  const [type = '', name = ''] = coordinate.split('.');
  const noun = graph.nouns.get(type);
  const field = noun?.fields.get(name);
  if (noun === undefined || field === undefined || noun.groups !== undefined) return undefined;
  const { person, household, department } = noun.anchors;
  const { group, owner } = field.rule;
  const anchors = [
    ...(person === undefined ? [] : [['person', person] as const]),
    ...(household === undefined ? [] : [['household', household] as const]),
  ];
  if (anchors.length === 0 || NOT_DELIVERED.has(group) || !isDepartment(owner)) return undefined;
  const { table } = noun;
  return {
    coordinate,
    group,
    owner,
    type,
    subjects: anchors.map(([kind]) => kind),
    table:
      table?.key === undefined
        ? undefined
        : {
            name: table.name,
            key: noun.columnName(table.key),
            columns: Object.fromEntries(anchors.map(([kind, property]) => [kind, noun.columnName(property)])),
            own: anchors.find(([, property]) => property === table.key)?.[0],
            department: department === undefined ? undefined : noun.columnName(department),
          },
  };
}

/** What nobody delivered: the hub's own keys, its account of itself. */
const NOT_DELIVERED = new Set(['public', 'person-id', 'record-id', 'access-log', 'correction', 'dispute', 'recall']);

/**
 * The coordinates in which a value is told. Of a group of the catalogue, all fields in it; of a field, itself, the fields of the
 * same name in the same group (one value shown by several types), and the answers made from the group that have no table; of such
 * an answer, the whole group.
 */
export function toldIn(graph: Graph, coordinateOrGroup: string): readonly string[] {
  const [type = '', name] = coordinateOrGroup.split('.');
  const fields: { readonly field: NounField; readonly derived: boolean }[] = [...graph.nouns.values()]
    .filter(({ groups }) => groups === undefined)
    .flatMap((noun) => [...noun.fields.values()].map((field) => ({ field, derived: noun.table === undefined })));
  if (name === undefined) return fields.flatMap(({ field }) => (field.rule.group === type ? [field.coordinate] : []));
  const meant = graph.nouns.get(type)?.fields.get(name);
  if (meant === undefined) return [];
  // An answer that was wrong was made from values that were.
  if (graph.nouns.get(type)?.table === undefined) return toldIn(graph, meant.rule.group);
  return fields.flatMap(({ field, derived }) =>
    field.rule.group === meant.rule.group && (field.name === name || derived) ? [field.coordinate] : [],
  );
}

/** Of coordinates, those of answers that are made for a person who asks, and that no row holds: the status check. */
export const answersIn = (graph: Graph, coordinates: readonly string[]): readonly string[] =>
  coordinates.filter((one) => {
    const noun = graph.nouns.get(one.split('.')[0] ?? '');
    return noun !== undefined && noun.table === undefined;
  });
