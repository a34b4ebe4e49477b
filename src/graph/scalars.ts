/**
 * The scalars of the graph. All of them are text on the wire, in and out, and nothing here ever becomes a JavaScript
 * `Date`: a date has no time zone. A refusal says what is expected and never repeats what came in.
 */
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import type { ValueNode } from 'graphql';
import { parseDate, parseMonth } from '../platform/dates.ts';
import { formatYuan, parseYuan } from '../platform/money.ts';

interface TextScalar {
  readonly name: string;
  readonly description: string;
  /** What a client has to send, e.g. "a date 'YYYY-MM-DD'". */
  readonly expected: string;
  /** The accepted form of a text, undefined when it is none. */
  readonly read: (text: string) => string | undefined;
  /** Other values that code may answer with (SQL always delivers text). */
  readonly write?: (value: unknown) => string | undefined;
}

function textScalar({ name, description, expected, read, write }: TextScalar): GraphQLScalarType<string, string> {
  const refuse = (node?: ValueNode): never => {
    throw new GraphQLError(`${name} must be ${expected}`, node === undefined ? {} : { nodes: node });
  };
  const accept = (value: unknown, node?: ValueNode): string =>
    (typeof value === 'string' ? read(value) : undefined) ?? refuse(node);
  return new GraphQLScalarType<string, string>({
    name,
    description,
    parseValue: (value) => accept(value),
    parseLiteral: (node) => accept(node.kind === Kind.STRING ? node.value : undefined, node),
    serialize: (value) => write?.(value) ?? accept(value),
  });
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

function readInstant(text: string): string | undefined {
  if (!INSTANT.test(text) || parseDate(text.slice(0, 10)) === undefined) return undefined;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

/** A calendar date without time zone. */
export const DateScalar = textScalar({
  name: 'Date',
  description: "日期 · A calendar date in China, 'YYYY-MM-DD'",
  expected: "a date 'YYYY-MM-DD'",
  read: parseDate,
});

/** An instant in UTC. */
export const DateTimeScalar = textScalar({
  name: 'DateTime',
  description: "时刻 · An instant with its offset from UTC; answers are in UTC, 'YYYY-MM-DDTHH:MM:SS.sssZ'",
  expected: "an instant with its offset, e.g. '2026-07-01T08:00:00+08:00'",
  read: readInstant,
  write: (value) => (value instanceof Date ? value.toISOString() : undefined),
});

/** A calendar month. */
export const MonthScalar = textScalar({
  name: 'Month',
  description: "月份 · A calendar month, 'YYYY-MM'",
  expected: "a month 'YYYY-MM'",
  read: parseMonth,
});

/** Money: yuan with two places at the edge, whole fen (bigint) inside. */
export const YuanScalar = textScalar({
  name: 'Yuan',
  description: "金额（元） · An amount in yuan as decimal text with two places, e.g. '733.00'",
  expected: "an amount in yuan as text, e.g. '733.00'",
  read: (text) => {
    const fen = parseYuan(text);
    return fen === undefined ? undefined : formatYuan(fen);
  },
  write: (value) => (typeof value === 'bigint' ? formatYuan(value) : undefined),
});

/** Other exact decimals: an area, a ratio. */
export const DecimalScalar = textScalar({
  name: 'Decimal',
  description: "小数 · An exact decimal number as text, e.g. '68.50'",
  expected: "a decimal number as text, e.g. '68.50'",
  read: (text) => (/^-?\d{1,18}(\.\d{1,9})?$/.test(text) ? text : undefined),
});

/** A division: 12 digits inside; the shorter forms in use are filled up with zeros. */
export const RegionCodeScalar = textScalar({
  name: 'RegionCode',
  description:
    '区划代码 · Code of an administrative division: 12 digits (GB/T 2260 and 民政部统计用区划代码); ' +
    '2, 4, 6 and 9 digits are accepted for province, prefecture, county and township',
  expected: 'a division code of 2, 4, 6, 9 or 12 digits',
  read: (text) => (/^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/.test(text) ? text.padEnd(12, '0') : undefined),
});
