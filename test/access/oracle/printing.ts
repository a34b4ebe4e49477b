/** A drawn operation as a client sends it: text, and variables beside it. */
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
} from 'graphql';
import type { GraphQLInputType, GraphQLSchema } from 'graphql';
import type { Selection, Value } from './drawing.ts';

/** An operation as a client sends it. */
export interface Printed {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The operation as text, with what goes beside it. */
export function print(schema: GraphQLSchema, roots: readonly Selection[]): Printed {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const fragments: string[] = [];
  const write = (value: Value, type: GraphQLInputType | string): string => {
    if (value.asVariable) {
      const name = `v${declared.length}`;
      declared.push(`$${name}: ${String(type)}`);
      variables[name] = jsonOf(value);
      return `$${name}`;
    }
    const bare = typeof type === 'string' ? undefined : getNullableType(type);
    if ('items' in value) return `[${value.items.map((item) => write(item, innerOf(bare))).join(', ')}]`;
    if (!('fields' in value)) return literal(value.json, bare);
    const inner = isInputObjectType(bare) ? bare.getFields() : {};
    const members = Object.entries(value.fields).map(
      ([name, member]) => `${name}: ${write(member, inner[name]?.type ?? '')}`,
    );
    return `{ ${members.join(', ')} }`;
  };
  const directiveOf = ({ directive: how }: Selection): string =>
    how === undefined ? '' : ` @${how.name}(if: ${write(how.on, 'Boolean!')})`;
  const one = (node: Selection): string => {
    const how = directiveOf(node);
    if (node.kind === 'inline')
      return `...${node.on === undefined ? '' : ` on ${node.on}`}${how} ${set(node.children)}`;
    if (node.kind === 'spread') {
      const at = fragments.push('') - 1;
      fragments[at] = `fragment F${at} on ${node.on} ${set(node.children)}`;
      return `...F${at}${how}`;
    }
    const type = schema.getType(node.type);
    const known = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name] : undefined;
    const args = Object.entries(node.args).map(
      ([name, value]) => `${name}: ${write(value, known?.args.find((arg) => arg.name === name)?.type ?? '')}`,
    );
    const alias = node.alias === undefined ? '' : `${node.alias}: `;
    const given = args.length === 0 ? '' : `(${args.join(', ')})`;
    return `${alias}${node.name}${given}${how}${node.children.length === 0 ? '' : ` ${set(node.children)}`}`;
  };
  const set = (nodes: readonly Selection[]): string => `{ ${nodes.map(one).join(' ')} }`;
  const body = set(roots);
  const head = declared.length === 0 ? '' : `query (${declared.join(', ')}) `;
  return { text: [head + body, ...fragments].join('\n'), variables };
}

const innerOf = (type: GraphQLInputType | undefined): GraphQLInputType | string =>
  isListType(type) ? type.ofType : '';

const literal = (json: unknown, type: GraphQLInputType | undefined): string =>
  type !== undefined && isEnumType(getNamedType(type)) ? String(json) : JSON.stringify(json);

function jsonOf(value: Value): unknown {
  if ('items' in value) return value.items.map(jsonOf);
  if (!('fields' in value)) return value.json;
  return Object.fromEntries(Object.entries(value.fields).map(([name, member]) => [name, jsonOf(member)]));
}
