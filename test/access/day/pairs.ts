/**
 * Who was told about at which coordinates, as an answer shows it: an object about a person is in it, and the field was
 * asked and not denied; null and empty count. Derived from the document, the answer and the schema's text alone.
 */
import { readFileSync } from 'node:fs';
import { Kind, buildSchema, getNamedType, isObjectType, parse } from 'graphql';
import type { DocumentNode, GraphQLObjectType, SelectionSetNode } from 'graphql';
import type { Ask } from './asking.ts';
import type { People } from './people.ts';

const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
const documents = new Map<string, DocumentNode>();

/** Types whose objects are about the person they name themselves, by the way to that person's id. */
const NAMES_ITS_PERSON: Readonly<Record<string, readonly string[]>> = {
  Person: ['id'],
  Recipient: ['person', 'id'],
  Membership: ['person', 'id'],
};
/** Types whose objects are about the person above them. */
const ABOUT_THE_PERSON_ABOVE = new Set([
  'AidGrant',
  'HousingRecord',
  'MedicalSettlement',
  'StatusCheck',
  'StatusProgramme',
]);

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Pairs of a person's id and a coordinate, e.g. `… Person.name`. `denied` are coordinates that were null for lack of a right. */
export function pairsIn(ask: Ask, data: Json, people: People, denied: ReadonlySet<string>): Set<string> {
  const pairs = new Set<string>();
  if (ask.kind === 'report') {
    const { items } = ask.variables['input'] as { readonly items: readonly { idNumber: string }[] };
    const { reportAid } = data as {
      readonly reportAid: { readonly results: readonly { readonly code: string | null }[] };
    };
    reportAid.results.forEach(({ code }, n) => {
      const person = people.byNumber.get(items[n]?.idNumber ?? '');
      if (code !== 'NO_MATCH' && person !== undefined) pairs.add(`${person} Mutation.reportAid`);
    });
    return pairs;
  }
  const document = documents.get(ask.query) ?? parse(ask.query);
  documents.set(ask.query, document);
  const [definition] = document.definitions;
  const query = schema.getQueryType();
  if (definition?.kind !== Kind.OPERATION_DEFINITION || !query) throw new Error('Not a query');

  const walk = (
    selections: SelectionSetNode,
    type: GraphQLObjectType,
    value: Json,
    above: string | undefined,
  ): void => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
    const object = value as { readonly [key: string]: Json };
    const person = personOf(type.name, object) ?? above;
    const isAbout = type.name in NAMES_ITS_PERSON || ABOUT_THE_PERSON_ABOVE.has(type.name);
    for (const selection of selections.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (selection.typeCondition?.name.value === type.name) walk(selection.selectionSet, type, value, above);
        continue;
      }
      if (selection.kind !== Kind.FIELD || selection.name.value === '__typename') continue;
      const name = selection.name.value;
      const coordinate = `${type.name}.${name}`;
      if (isAbout && person !== undefined && !denied.has(coordinate)) pairs.add(`${person} ${coordinate}`);
      if (selection.selectionSet === undefined) continue;
      const held = object[selection.alias?.value ?? name] ?? null;
      const items = Array.isArray(held) ? (held as readonly Json[]) : [held];
      items.forEach((item, n) => {
        const below = typeBehind(type, name, item);
        if (below === undefined || selection.selectionSet === undefined) return;
        const asked = below.name === 'StatusCheck' ? askedAbout(ask, n, people) : person;
        walk(selection.selectionSet, below, item, asked);
      });
    }
  };
  walk(definition.selectionSet, query, data, undefined);
  return pairs;
}

function typeBehind(type: GraphQLObjectType, field: string, value: Json): GraphQLObjectType | undefined {
  const named = getNamedType(type.getFields()[field]?.type);
  if (isObjectType(named)) return named;
  const told =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { __typename?: Json }) : {};
  const concrete = typeof told.__typename === 'string' ? schema.getType(told.__typename) : undefined;
  return isObjectType(concrete) ? concrete : undefined;
}

function personOf(type: string, object: { readonly [key: string]: Json }): string | undefined {
  let value: Json | undefined = object;
  for (const step of NAMES_ITS_PERSON[type] ?? []) {
    value = typeof value === 'object' && value !== null ? (value as { readonly [key: string]: Json })[step] : undefined;
  }
  return typeof value === 'string' ? value : undefined;
}

function askedAbout(ask: Ask, n: number, people: People): string | undefined {
  const checks = ask.variables['checks'] as readonly { readonly idNumber: string }[];
  return people.byNumber.get(checks[n]?.idNumber ?? '');
}
