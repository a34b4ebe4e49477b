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
const DISPUTES = 'src/corrections/open-correction.ts';
const AID = 'src/sharing/aid-by-department.ts';
const FEEDS = 'src/registry/covering-feed.ts';

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
  {
    name: 'row scope is lost on rows that no table holds',
    file: PLANNER,
    text: '    const inScope = groups\n',
    by: '    const inScope = groups || chosen.from\n',
  },
  {
    name: 'a department is asked about persons in scope whom its answers are closed about',
    file: 'src/graph/deciding.ts',
    text: '![decision.scope, ...scopes].some(isNarrower)',
    by: '[decision.scope, ...scopes].length > 0',
    turn: 2,
  },
  {
    name: 'below a denied question nothing of its answer is named',
    file: 'src/graph/deciding.ts',
    text: 'const own = isAnswer(noun.type) ? above : scopeOf(policy, profile, noun);',
    by: 'if (isAnswer(noun.type)) continue;\n    const own = scopeOf(policy, profile, noun);',
  },
  {
    name: 'whom a department was asked about is left out of the access record',
    file: 'src/graph/code-fields.ts',
    text: '    built.subjects.push(...here.tokens(number));\n',
    by: '',
  },
  {
    name: 'a dispute about a group of fields that is closed to the caller is told',
    file: DISPUTES,
    text: ' and ${seesField(row, at)}`',
    by: '`',
  },
  {
    name: 'a dispute about a field that cannot be masked is told where its group is shared behind masks',
    file: 'src/corrections/sees-group.ts',
    text: 'sql`(${IN_FULL} or ${isMaskable})`',
    by: 'sql`(${IN_FULL} or ${isMaskable} or true)`',
    turn: 0,
  },
  {
    name: 'a dispute that has ended is still told',
    file: DISPUTES,
    text: "${row.column('state')} = 'OPEN' and ",
    by: '',
  },
  {
    name: 'a dispute about anybody is told of everybody',
    file: DISPUTES,
    text: "    on: { personId: 'id' },\n",
    by: '',
  },
  {
    name: 'a dispute about any household is told of every household',
    file: DISPUTES,
    text: "    on: { householdId: 'id' },\n",
    by: '',
  },
  {
    name: 'aid of anybody is aid of the person',
    file: AID,
    text: "where aid_grant.person_id = ${parent.column('id')}\n      and aid_grant",
    by: 'where aid_grant',
  },
  {
    name: 'where a department delivers no more there is said to be no aid',
    file: AID,
    text: " when coalesce(fresh.stale, true) then 'UNKNOWN'",
    by: '',
  },
  {
    name: 'a feed of anywhere stands for the place of the person',
    file: FEEDS,
    text: '\n        and (feed.region_code is null or feed.region_code = any(${codes}))',
    by: '',
  },
  {
    name: 'the feed of everywhere counts before that of the division',
    file: FEEDS,
    text: 'order by feed.source_system, feed.region_code is null,',
    by: 'order by feed.source_system, feed.region_code is not null,',
  },
  {
    name: 'of several sources the freshest is enough',
    file: FEEDS,
    text: 'order by stale desc, finest.as_of nulls first',
    by: 'order by stale, finest.as_of desc nulls last',
  },
  {
    name: 'a delivery is overdue a minute late',
    file: FEEDS,
    text: ' < ${now})`;',
    by: " < ${now} - interval '1 minute')`;",
  },
];
