/** What an entry of the ledger can name, with the terms in which a person is told of it. */
import type { Graph } from './noun.ts';
import type { Disclosable } from './rows-plan.ts';

const known = new WeakMap<Graph, readonly Disclosable[]>();

/** The fields of all nouns and the mutations, once a graph. */
export function disclosableOf(graph: Graph): readonly Disclosable[] {
  const made = known.get(graph) ?? listed(graph);
  known.set(graph, made);
  return made;
}

function listed({ nouns, schema }: Graph): Disclosable[] {
  const fields = [...nouns.values()].flatMap((noun) => [...noun.fields.values()]);
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  return [
    ...fields.map(({ coordinate, rule, definition }) => ({
      coordinate,
      group: rule.group,
      maskable: rule.mask !== undefined,
      title: chineseOf(definition.description, coordinate),
    })),
    ...mutations.map(({ name, description }) => ({
      coordinate: `Mutation.${name}`,
      group: null,
      maskable: false,
      title: chineseOf(description, name),
    })),
  ];
}

/** Descriptions are `中文 · English`. */
const chineseOf = (description: string | null | undefined, otherwise: string): string =>
  description?.split(' · ')[0] ?? otherwise;
