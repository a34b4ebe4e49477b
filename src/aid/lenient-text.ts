import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import type { ValueNode } from 'graphql';

/** What PostgreSQL or an answer cannot hold: NUL, and half of a character. */
const BROKEN = /\0|\p{Cs}/gu;

/** Stands where a character was broken; the rules of an item refuse it, so the item is lost and not the call. */
export const REPLACEMENT = '\ufffd';

/**
 * Text of an item: a string, or a number where a client's file had one. Only lists and objects are refused here, since
 * whatever is refused here costs the whole call.
 */
export const LenientText = new GraphQLScalarType<string, string>({
  name: 'LenientText',
  description:
    '宽松文本 · Text, or a number as a client’s file has it; read by the rule of its field, so that a bad value ' +
    'rejects its own item only',
  parseValue: (value) => accept(value),
  parseLiteral: (node) => accept(literal(node), node),
  serialize: (value) => accept(value),
});

function accept(value: unknown, node?: ValueNode): string {
  if (typeof value === 'string') return value.replace(BROKEN, REPLACEMENT);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new GraphQLError('LenientText must be a string or a number', node === undefined ? {} : { nodes: node });
}

function literal(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.INT:
    case Kind.FLOAT:
    case Kind.BOOLEAN:
      return node.value;
    default:
      return undefined;
  }
}
