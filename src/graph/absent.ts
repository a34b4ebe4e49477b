/** Names of types, fields, operations and field groups that this hub was built without: known, and no mistakes. */
import type { GraphQLSchema } from 'graphql';

/**
 * The schema with the names of what it was built without: what a module that is not installed would bring. They travel
 * as an extension, like all that modules say of themselves, so whoever has the schema knows them.
 */
export function withAbsent(schema: GraphQLSchema, names: ReadonlySet<string>): GraphQLSchema {
  schema.extensions = { ...schema.extensions, hubAbsent: names };
  return schema;
}

/** `StudentRecord`, `Person.studentRecords`, `education-record`, …; none where every module is installed. */
export const absentFrom = ({ extensions }: Pick<GraphQLSchema, 'extensions'>): ReadonlySet<string> =>
  (extensions['hubAbsent'] as ReadonlySet<string> | undefined) ?? NONE;

const NONE: ReadonlySet<string> = new Set();
