/** The outermost form of a statement: what must hold before anything is read, and how large an answer may be. */
import { createHash } from 'node:crypto';
import { callerSlot } from './slot.ts';
import { compile, concat, jsonObject, join, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';
import type { StatementPlan } from './statement-plan.ts';

/** The root fields of an operation, as parts of a statement. */
export interface RootParts {
  /** A value with its response name for each root field. */
  readonly columns: readonly Sql[];
  /** Lateral joins that hang on `head.permitted`. */
  readonly joins: readonly Sql[];
  readonly subjects: readonly Sql[];
  /** What must hold for the statement to answer at all; undefined where nothing must. */
  readonly guard: Sql | undefined;
  /** Most bytes that it may answer with; beyond, it answers null. */
  readonly largest: number;
}

/** A statement of one row, (permitted, data, subjects), or none under another policy than the one it was planned under. */
export function planText({
  columns,
  joins,
  subjects,
  guard = raw('true'),
  largest,
}: RootParts): Pick<StatementPlan, 'name' | 'text' | 'slots'> {
  const data = sql`${jsonObject(columns)}::text`;
  // The joins hang on the guard, so nothing is read where it does not hold.
  const head = sql`(select stamp, ${guard} as permitted from policy_head) head`;
  const told = sql`select head.permitted, ${data} as data, ${concat(subjects)} as subjects from ${head} ${join(joins, ' ')} where head.stamp = ${callerSlot('policyStamp', 'bigint')}`;
  // `offset 0` keeps the JSON from being made twice, to be measured and to be told.
  const fits = sql`octet_length(data) + octet_length(subjects) <= ${raw(String(largest))}`;
  const { text, slots } = compile(
    sql`select permitted, case when ${fits} then data end, case when ${fits} then subjects end from (${told} offset 0) told`,
  );
  return { name: `hub_${createHash('sha256').update(text).digest('base64url').slice(0, 24)}`, text, slots };
}
