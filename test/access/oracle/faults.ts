/**
 * Faults to plant in a copy of the hub, one at a time, to see that the oracle finds each: what authorization compiled into
 * SQL could get wrong, from the ways in which other systems were broken. The text must stand in the file exactly once.
 */
export interface Fault {
  /** What no longer holds. */
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly by: string;
  /** The turn of the policy under which it shows, where it does not under the one in force. */
  readonly turn?: number;
}

const PLANNER = 'src/graph/planner.ts';
const ROAD = 'src/access/reading-road.ts';

/** All of them. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'row scope is lost on lists, connections and root fields',
    file: PLANNER,
    text: `      ...choosingPredicates(planning, noun, row, chosen, above),
      ...(inScope ? [inScope] : []),
      ...(cell ? [cell] : []),`,
    by: `      ...choosingPredicates(planning, noun, row, chosen, above),
      ...(cell ? [cell] : []),`,
  },
  {
    name: 'row scope is lost below the root only',
    file: PLANNER,
    text: `      ...choosingPredicates(planning, noun, row, chosen, above),
      ...(inScope ? [inScope] : []),`,
    by: `      ...choosingPredicates(planning, noun, row, chosen, above),
      ...(inScope && above === undefined ? [inScope] : []),`,
  },
  {
    name: 'row scope is lost on a relation to one, such as a household’s head',
    file: PLANNER,
    text: '${primaryKey(noun)} = ${key}`, ...(inScope ? [inScope] : []), ...conditions]',
    by: '${primaryKey(noun)} = ${key}`, ...conditions]',
  },
  {
    name: 'a row with no anchor of its own is in scope without its parent',
    file: 'src/graph/scoping.ts',
    text: `  if (own !== 'via') return own;`,
    by: `  if (own !== 'via') return own;
  if (noun.name !== '') return undefined;`,
  },
  {
    name: 'a mask is forgotten under an alias',
    file: PLANNER,
    text: "value = source.text(decision.kind === 'mask' ? decision.mask(plain, row) : plain);",
    by: "value = source.text(decision.kind === 'mask' && nodes[0]?.alias === undefined ? decision.mask(plain, row) : plain);",
  },
  {
    name: 'the narrower scope of a cell is forgotten',
    file: PLANNER,
    text: 'return cell === undefined ? value : sql`case when ${cell} then ${value} end`;',
    by: 'return value;',
  },
  {
    // Of another agreement, with as many divisions of the same levels: what does not fit a statement fails by itself.
    name: 'a plan is used again for another caller',
    file: ROAD,
    text: '[profile.key, onDenied, operation.key, values.shape]',
    by: "[profile.key.replace(`/${profile.agreement.number}/`, '/'), onDenied, operation.key, values.shape]",
  },
  {
    name: 'a plan is used again for values of another shape',
    file: ROAD,
    text: '[profile.key, onDenied, operation.key, values.shape]',
    by: '[profile.key, onDenied, operation.key]',
  },
  {
    name: 'a plan with nulls for denied fields is used again where they refuse',
    file: ROAD,
    text: '[profile.key, onDenied, operation.key, values.shape]',
    by: '[profile.key, operation.key, values.shape]',
  },
  {
    name: 'a denied field is let through inside a fragment',
    file: 'src/graph/fields.ts',
    text: 'if (applies(node.typeCondition?.name.value)) add(node.selectionSet);',
    by: `if (applies(node.typeCondition?.name.value) && node.typeCondition === undefined) add(node.selectionSet);`,
  },
  {
    name: 'a field group that no agreement names is open',
    file: 'src/access/policy/sharing-policy.ts',
    text: 'const grant = profile.agreement.fields.get(rule.group);',
    by: "const grant = profile.agreement.fields.get(rule.group) ?? profile.agreement.fields.get('record-id');",
  },
  {
    name: 'a filter by a masked field is accepted',
    file: 'src/graph/choosing.ts',
    text: "  if (decision.kind === 'full' && !narrower) return;",
    by: "  if (decision.kind !== 'deny' && !narrower) return;",
  },
  {
    name: 'an order by a field that is shared on some rows only is accepted',
    file: 'src/graph/choosing.ts',
    text: "  if (decision.kind === 'full' && !narrower) return;",
    by: "  if (decision.kind === 'full') return;",
    turn: 1,
  },
  {
    name: 'a filter inside a variable is not asked about',
    file: 'src/graph/choosing.ts',
    text: '    mayChooseBy(planning, noun, placeField(property), within.coordinate);',
    by: '',
  },
  {
    name: 'subjects of a nested level are left out of the access record',
    file: PLANNER,
    text: `      planning.cost.leave();
      built.subjects.push(sql\`\${ident(alias)}.s\`);`,
    by: `      planning.cost.leave();`,
  },
  {
    name: 'a cursor is not bound to the order that it was made in',
    file: 'src/graph/cursor.ts',
    text: '    mark.every((name, i) => parts[i] === name) &&',
    by: '',
  },
  {
    name: 'totalCount counts what is out of scope',
    file: 'src/graph/connection-page.ts',
    text: '${tableOf(noun)} ${row.alias} where ${and(predicates)}) n`',
    by: '${tableOf(noun)} ${row.alias}) n`',
  },
  {
    name: 'small counts are told to analysts',
    file: 'src/graph/deciding.ts',
    text: '  if (least === 0) return true;',
    by: '  if (least >= 0) return true;',
  },
  {
    name: 'Hub-On-Denied: null shows the value beside the error',
    file: PLANNER,
    text: `      if (planning.input.onDenied === 'refuse') nameDenied(planning, field, nodes, scope);
      return undefined;`,
    by: `      if (planning.input.onDenied === 'refuse') nameDenied(planning, field, nodes, scope);
      return source.kind === 'column' ? source.text(row.column(source.property)) : undefined;`,
  },
  {
    name: 'a type that is closed is open behind an interface',
    file: 'src/graph/deciding.ts',
    text: '    if (!isDenial(scope)) return [noun.name];',
    by: '    if (!isDenial(scope) || noun.fields.size > 0) return [noun.name];',
  },
  {
    name: 'node(id) finds rows around the row scope',
    file: 'src/graph/abstract.ts',
    text: "text: input.one(noun, raw('u.id'), join, conditions, from)",
    by: "text: input.one({ ...noun, anchors: { public: true } }, raw('u.id'), join, conditions, from)",
  },
  {
    name: 'the row beyond the page tells of rows out of scope',
    file: 'src/graph/page-rows.ts',
    text: '${row.alias} where ${and([...predicates, ...start])} order by',
    by: '${row.alias} where ${and([...predicates.slice(0, 1), ...start])} order by',
  },
  {
    name: 'a case of another department opens the caseload',
    file: 'src/access/row-scope.ts',
    text: "  sql`c.department = ${callerSlot('department', 'text')}`,\n",
    by: '',
  },
  {
    name: 'a closed case still opens its persons',
    file: 'src/access/row-scope.ts',
    text: '  sql`(c.closed_on is null or c.closed_on >= ${today})`,\n',
    by: '',
  },
  {
    name: 'of several divisions of a caller only one level counts',
    file: 'src/access/row-scope.ts',
    text: "return any.length === 1 ? and(any) : sql`(${join(any, ' or ')})`;",
    by: 'return and(any.slice(0, 1));',
  },
  {
    name: 'no agreement in force means that of the role next to it',
    file: 'src/access/policy/sharing-policy.ts',
    text: ' && agreement.role === role && isInForce(agreement, today),\n',
    by: ' && isInForce(agreement, today),\n',
  },
];
