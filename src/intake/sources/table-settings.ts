/** HUB_SOURCES: which tables and views of the database are delivered on a schedule, and as whose. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** One table or view that is read as a delivery. */
export interface TableSource {
  /** For logs and the lease. */
  readonly name: string;
  /** Client as whom it is delivered. */
  readonly client: string;
  readonly record: string;
  /** Source system of its rows. */
  readonly sourceSystem: string;
  /** Schema and name. */
  readonly relation: readonly [schema: string, name: string];
  /** Column by field, where the template's headers are not the names of the columns. */
  readonly columns: Readonly<Record<string, string>>;
  readonly mode: 'SNAPSHOT' | 'DELTA';
  /** Division that it is about. */
  readonly region: string | undefined;
  readonly everyMinutes: number;
}

/** Settings that cannot be used; the message names the file, the source and what is wrong. */
export class TableSourceError extends Error {
  override readonly name = 'TableSourceError';
}

const RELATION = /^([^."]{1,63})\.([^."]{1,63})$/;

const form = z.strictObject({
  sources: z.array(
    z.strictObject({
      name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/),
      client: z.string().min(1),
      record: z.string().regex(/^[A-Z][A-Z_]*$/),
      sourceSystem: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/),
      relation: z.string().regex(RELATION, 'is a schema and a name: exchange.student'),
      columns: z.record(z.string(), z.string().min(1)).default({}),
      mode: z.enum(['snapshot', 'delta']),
      region: z.string().optional(),
      everyMinutes: z.number().int().min(1).max(525_600),
    }),
  ),
});

/** The sources of a file. Throws TableSourceError. */
export function readTableSources(path: string): readonly TableSource[] {
  let text: unknown;
  try {
    text = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new TableSourceError(`HUB_SOURCES: ${path}: ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
  const read = form.safeParse(text);
  if (!read.success)
    throw new TableSourceError(
      read.error.issues.map((issue) => `HUB_SOURCES: ${path}: ${issue.path.join('.')} ${issue.message}`).join('\n'),
    );
  const { sources } = read.data;
  const doubled = sources.find(({ name }, at) => sources.findIndex((other) => other.name === name) !== at);
  if (doubled !== undefined) throw new TableSourceError(`HUB_SOURCES: ${path}: two sources are named ${doubled.name}`);
  return sources.map(({ relation, mode, region, ...rest }) => {
    const [, schema = '', name = ''] = RELATION.exec(relation) ?? [];
    return { ...rest, relation: [schema, name], mode: mode === 'snapshot' ? 'SNAPSHOT' : 'DELTA', region };
  });
}
