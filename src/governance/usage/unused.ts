/** What agreements grant and nobody used: groups, coordinates and operations that could go. */
import { GraphQLError, OperationTypeNode } from 'graphql';
import { isInForce } from '../../access/index.ts';
import type { Agreement } from '../../access/index.ts';
import { isDenial } from '../../graph/index.ts';
import type { Noun } from '../../graph/index.ts';
import { profileOf, rootFields, tryForm } from '../dry-run/decide.ts';
import type { Side } from '../dry-run/decide.ts';
import { gradeOf } from '../dry-run/exposure.ts';
import { formsOf } from '../dry-run/forms.ts';
import { standsOn } from './relied.ts';
import type { Answered } from './relied.ts';

/** A group that is granted, and what of it nobody used. */
export interface UnusedGroup {
  readonly group: string;
  /** Coordinates of the group that can be reached and were neither told nor used to choose or order rows. */
  readonly coordinates: readonly string[];
  /** Whether nothing of the group was used. */
  readonly whole: boolean;
}

/** What of an agreement nobody used. */
export interface UnusedGrants {
  readonly agreement: Agreement;
  /** Requests that it answered in the span. */
  readonly requests: number;
  readonly operations: readonly string[];
  readonly groups: readonly UnusedGroup[];
}

/** What nobody used of the agreements in force; those that were used whole are left out. */
export function unusedGrants(side: Side, answered: readonly Answered[]): readonly UnusedGrants[] {
  return side.policy.agreements
    .filter((agreement) => isInForce(agreement, side.today) && !agreement.emergency)
    .map((agreement) =>
      unusedOf(
        side,
        agreement,
        answered.filter((one) => standsOn(one, agreement)),
      ),
    )
    .filter(({ operations, groups }) => operations.length + groups.length > 0);
}

function unusedOf(side: Side, agreement: Agreement, answered: readonly Answered[]): UnusedGrants {
  const { coordinates, operations } = usedBy(side, agreement, answered);
  const reachable = reachableBy(side, agreement);
  const groups = [...agreement.fields.keys()].flatMap((group): readonly UnusedGroup[] => {
    const granted = reachable.filter((one) => one.group === group).map(({ coordinate }) => coordinate);
    const unused = granted.filter((coordinate) => !coordinates.has(coordinate));
    const isUsed = granted.length > 0 && unused.length === 0;
    return isUsed ? [] : [{ group, coordinates: unused, whole: unused.length === granted.length }];
  });
  return {
    agreement,
    requests: answered.flatMap(({ counts }) => counts).reduce((sum, { requests }) => sum + requests, 0),
    operations: [...agreement.operations].filter((name) => !operations.has(name)).sort(),
    groups,
  };
}

/** What was told, and what may have chosen or ordered rows: filters are on record by name alone, so all count as used. */
function usedBy(side: Side, agreement: Agreement, answered: readonly Answered[]) {
  const coordinates = new Set<string>();
  const operations = new Set<string>();
  const texts = new Set<string>();
  for (const { operation } of answered) {
    for (const coordinate of operation.nodes.flat()) coordinates.add(coordinate);
    texts.add(operation.text);
  }
  for (const text of texts) {
    try {
      for (const form of formsOf(side.graph.schema, text)) {
        for (const name of rootFields(side.graph, form)) operations.add(name);
        if (form.operation.definition.operation === OperationTypeNode.MUTATION) continue;
        for (const parts of [[], ...form.parts.map((part) => [part])])
          for (const coordinate of tryForm(side, profileOf(agreement), form, parts)?.chosen ?? [])
            coordinates.add(coordinate);
      }
    } catch (error) {
      // No operation of today's schema any more: what it told stands in its nodes.
      if (!(error instanceof GraphQLError)) throw error;
    }
  }
  return { coordinates, operations };
}

/** Every coordinate that some operation of the agreement leads to. */
function reachableBy(
  side: Side,
  agreement: Agreement,
): readonly { readonly coordinate: string; readonly group: string }[] {
  const { graph, policy } = side;
  const profile = profileOf(agreement);
  const isOpen = (noun: Noun): boolean =>
    noun.anchors.public !== true && !isDenial(policy.rows(profile, (noun.groups?.of ?? noun).name));
  const reached = new Set<Noun>();
  const enter = (names: readonly string[]): void => {
    for (const noun of names.flatMap((name) => graph.nouns.get(name) ?? [])) {
      if (reached.has(noun) || !isOpen(noun)) continue;
      reached.add(noun);
      for (const field of noun.fields.values())
        if (gradeOf(side, agreement, noun, field) !== undefined) enter(field.leadsTo);
    }
  };
  for (const name of agreement.operations) enter(graph.roots.get(name)?.leadsTo ?? []);
  return [...reached].flatMap((noun) =>
    [...noun.fields.values()]
      .filter((field) => gradeOf(side, agreement, noun, field) !== undefined)
      .map(({ coordinate, rule }) => ({ coordinate, group: rule.group })),
  );
}
