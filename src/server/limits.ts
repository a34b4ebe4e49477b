/** Bounds on the form of an operation, checked before it is planned. */
import { GraphQLError, Kind } from 'graphql';
import type { ASTVisitor, FieldNode, SelectionSetNode, ValidationContext, ValidationRule } from 'graphql';

/** How deep fields may nest; the standard introspection query has 15 levels below `__schema`. */
export const MOST_LEVELS = 15;
const MOST_INTROSPECTION_LEVELS = 20;

/** How many fields an operation may ask for at its root, aliases included: each is a statement of its own. */
export const MOST_ROOT_FIELDS = 20;

/** How many fields an operation may ask for in all, fragments unfolded. */
export const MOST_SELECTIONS = 2_000;

/** How many tokens a document may have; values belong in variables. */
export const MOST_TOKENS = 20_000;

/** Refuses operations that nest too deep or ask for too much at once. Fragments are unfolded, whatever their name. */
export const formLimits: ValidationRule = (context: ValidationContext): ASTVisitor => {
  const depths = new Map<SelectionSetNode, number>();

  /** Levels of fields in a selection set; runs after validation, so there are no cycles. */
  const depthOf = (set: SelectionSetNode): number => {
    const known = depths.get(set);
    if (known !== undefined) return known;
    let deepest = 0;
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        deepest = Math.max(deepest, 1 + (node.selectionSet === undefined ? 0 : depthOf(node.selectionSet)));
      } else {
        const inner = node.kind === Kind.INLINE_FRAGMENT ? node : context.getFragment(node.name.value);
        if (inner) deepest = Math.max(deepest, depthOf(inner.selectionSet));
      }
    }
    depths.set(set, deepest);
    return deepest;
  };

  const fieldsOf = (set: SelectionSetNode): FieldNode[] =>
    set.selections.flatMap((node) => {
      if (node.kind === Kind.FIELD) return [node];
      const inner = node.kind === Kind.INLINE_FRAGMENT ? node : context.getFragment(node.name.value);
      return inner ? fieldsOf(inner.selectionSet) : [];
    });

  return {
    OperationDefinition(operation) {
      const fields = fieldsOf(operation.selectionSet);
      if (fields.length > MOST_ROOT_FIELDS) {
        const message = `The operation asks for more than ${String(MOST_ROOT_FIELDS)} fields at its root.`;
        context.reportError(new GraphQLError(message, { nodes: [operation] }));
      }
      for (const field of fields) {
        const { value } = field.name;
        const most = value === '__schema' || value === '__type' ? MOST_INTROSPECTION_LEVELS : MOST_LEVELS;
        if (field.selectionSet === undefined || 1 + depthOf(field.selectionSet) <= most) continue;
        const message = `The operation nests deeper than ${String(most)} levels.`;
        context.reportError(new GraphQLError(message, { nodes: [field] }));
      }
      return false;
    },
  };
};
