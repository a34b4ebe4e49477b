/** Bounds on the form of a document, checked before any of it is planned. */
import { GraphQLError, Kind } from 'graphql';
import type { ASTNode, FieldNode, SelectionSetNode, ValidationContext, ValidationRule } from 'graphql';
import type { BoundName, Bounds } from '../platform/bounds.ts';
import { HubError } from '../platform/errors.ts';

/** The standard introspection query has 15 levels below `__schema`. */
const MOST_INTROSPECTION_LEVELS = 20;

/**
 * Refuses operations that nest too deep or ask for too much at once. Fragments are unfolded, whatever their name; they
 * have no cycles, and do not multiply out, since other rules have passed.
 */
export const formLimits =
  (bounds: Bounds): ValidationRule =>
  (context: ValidationContext) => {
    const depths = new Map<SelectionSetNode, number>();

    const refuse = (bound: BoundName, node: ASTNode, message: string): void => {
      const originalError = new HubError('GRAPHQL_VALIDATION_FAILED', message, { bound });
      context.reportError(new GraphQLError(message, { nodes: [node], originalError }));
    };

    /** What stands in a selection set or in a fragment there: fields, and sets to look into. */
    const within = ({ selections }: SelectionSetNode): readonly (FieldNode | SelectionSetNode)[] =>
      selections.flatMap((node): readonly (FieldNode | SelectionSetNode)[] => {
        if (node.kind === Kind.FIELD) return [node];
        const inner = node.kind === Kind.INLINE_FRAGMENT ? node : context.getFragment(node.name.value);
        return inner ? [inner.selectionSet] : [];
      });

    const depthOf = (set: SelectionSetNode): number => {
      const known = depths.get(set);
      if (known !== undefined) return known;
      const levels = within(set).map((node) => (node.kind === Kind.FIELD ? levelsOf(node) : depthOf(node)));
      const deepest = Math.max(0, ...levels);
      depths.set(set, deepest);
      return deepest;
    };
    const levelsOf = ({ selectionSet }: FieldNode): number =>
      1 + (selectionSet === undefined ? 0 : depthOf(selectionSet));

    const fieldsOf = (set: SelectionSetNode): FieldNode[] =>
      within(set).flatMap((node) => (node.kind === Kind.FIELD ? [node] : fieldsOf(node)));

    /** Response names by the field that they ask for, at every level; each fragment is looked into once. */
    const namesIn = (root: SelectionSetNode): ReadonlyMap<string, ReadonlySet<string>> => {
      const names = new Map<string, Set<string>>();
      const sets = new Set([root]);
      for (const set of sets) {
        for (const node of within(set)) {
          const inner = node.kind === Kind.FIELD ? node.selectionSet : node;
          if (inner !== undefined) sets.add(inner);
          if (node.kind !== Kind.FIELD) continue;
          const { value } = node.name;
          names.set(value, (names.get(value) ?? new Set()).add(node.alias?.value ?? value));
        }
      }
      return names;
    };

    return {
      OperationDefinition(operation) {
        const { selectionSet } = operation;
        const fields = fieldsOf(selectionSet);
        if (fields.length > bounds.rootFields)
          refuse('rootFields', operation, `The operation asks for more than ${bounds.rootFields} fields at its root.`);
        for (const field of fields) {
          const { value } = field.name;
          const most = value === '__schema' || value === '__type' ? MOST_INTROSPECTION_LEVELS : bounds.depth;
          if (levelsOf(field) > most) refuse('depth', field, `The operation nests deeper than ${most} levels.`);
        }
        const crowd = [...namesIn(selectionSet)].find(([, names]) => names.size > bounds.aliases);
        if (crowd !== undefined)
          refuse('aliases', operation, `The operation asks for "${crowd[0]}" under more than ${bounds.aliases} names.`);
        return false;
      },
    };
  };

const OF_OTHERS: readonly (readonly [RegExp, BoundName])[] = [
  [/Document contains more (?:than|that) \d+ tokens/, 'tokens'],
  [/recursively requests too many selections/, 'selections'],
];

/** The bound that graphql-js or Apollo Server speaks of, as extensions of the refusal. */
export function boundBehind(message: string): { readonly bound?: BoundName } {
  const [, bound] = OF_OTHERS.find(([words]) => words.test(message)) ?? [];
  return bound === undefined ? {} : { bound };
}
