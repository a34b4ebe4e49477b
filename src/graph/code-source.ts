/** Fields of nouns that code answers, at the start: what the engine could not serve is named before anybody asks for it. */
import { getNamedType, isLeafType, isListType, isNonNullType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLNamedType } from 'graphql';
import type { FieldRule, RowAnchors, TypeModel } from './model.ts';

/** Whether code answers with the type (`@Answered`). */
export const isAnswer = (type: GraphQLNamedType): boolean => (type.extensions as TypeModel).hubAnswered === true;

/** A field that code answers, or a part of what it answers with. */
interface CodeField {
  readonly source: { readonly kind: 'code'; readonly needs: readonly string[] } | { readonly kind: 'answer' };
  readonly definition: GraphQLField<unknown, unknown>;
  readonly rule: FieldRule;
  readonly anchors: RowAnchors;
  readonly table: { readonly columns: ReadonlyMap<string, unknown> } | undefined;
  readonly fields: ReadonlyMap<string, { readonly source: { readonly kind: string } }>;
}

/** What is wrong with it; nothing where the engine can serve it. */
export function faultsOfCode(coordinate: string, field: CodeField): readonly string[] {
  const { source, definition, rule } = field;
  const faults: string[] = [];
  if (definition.args.length > 0) faults.push(`${coordinate}: what code answers about a row takes no arguments`);
  if (rule.mask !== undefined)
    faults.push(`${coordinate}: what code answers is told in full or denied, so it has no mask`);
  if (source.kind === 'answer') {
    const type = getNamedType(definition.type);
    if (!isLeafType(type)) faults.push(`${coordinate}: an answer of code holds values, not a ${type.name}`);
    return faults;
  }
  return [...faults, ...faultsOfRow(coordinate, field, source.needs)];
}

const READABLE: ReadonlySet<string> = new Set(['column', 'computed']);

function faultsOfRow(
  coordinate: string,
  { definition, anchors, table, fields }: CodeField,
  needs: readonly string[],
): readonly string[] {
  const faults: string[] = [];
  const type = getNamedType(definition.type);
  if (isListType(definition.type) || isNonNullType(definition.type))
    faults.push(`${coordinate}: what code answers is one value that may be null, since it can be denied`);
  if (!isLeafType(type) && !(isObjectType(type) && isAnswer(type)))
    faults.push(`${coordinate}: code answers with a value or an @Answered type, not with a ${type.name}`);
  // The record says whom the code was asked about.
  if (table === undefined || (anchors.person === undefined && anchors.household === undefined))
    faults.push(`${coordinate}: code answers about rows of a table that are about a person or a household`);
  if (needs.length === 0) faults.push(`${coordinate}: @Code({ needs }) names no property of the row`);
  for (const need of needs) {
    const { kind = '' } = fields.get(need)?.source ?? {};
    if (!READABLE.has(kind) && table?.columns.has(need) !== true)
      faults.push(`${coordinate}: needs ${need}, which is no column of the row and not computed from it`);
  }
  return faults;
}
