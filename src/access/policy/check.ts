/** Start-up check: the graph, the catalogue and the agreements fit together, or the hub does not start. */
import { isNonNullType } from 'graphql';
import { absentFrom } from '../../graph/index.ts';
import type { Graph, Noun, Sensitivity } from '../../graph/index.ts';
import { roleFits } from '../caller.ts';
import { maskOf } from '../masks.ts';
import type { Agreement, PolicyContent } from './agreement.ts';

/**
 * @throws Error that lists every fault: a group without a catalogue entry, a grant, row scope or operation of an
 * agreement that names nothing, a mask that does not exist, a field that can be withheld but is not nullable. What a module
 * that is not installed would bring is no fault: it opens nothing, and is in force again with the module
 */
export function checkPolicy(graph: Graph, policy: PolicyContent): void {
  const faults = faultsOf(graph, policy);
  if (faults.length > 0)
    throw new Error(`The sharing policy does not fit the graph, the hub does not start:\n  ${faults.join('\n  ')}`);
}

/** Every fault that `checkPolicy` would name. */
export function faultsOf(graph: Graph, policy: PolicyContent): string[] {
  const faults = faultsAmong(policy.agreements);
  const groups = new Set<string>();
  for (const noun of graph.nouns.values()) {
    for (const { coordinate, rule } of noun.fields.values()) {
      if (noun.anchors.public === true && rule.group !== 'public') {
        faults.push(`${coordinate}: rows of ${noun.name} are public, so its fields are in the group public`);
      }
      groups.add(rule.group);
      const entry = policy.groups.get(rule.group);
      if (entry === undefined) faults.push(`${coordinate}: group ${rule.group} is not in the catalogue`);
      if (entry?.sensitivity !== undefined && LEVELS.indexOf(entry.sensitivity) < LEVELS.indexOf(rule.sensitivity))
        faults.push(`${coordinate}: ${rule.sensitivity}, but the catalogue says ${rule.group} is ${entry.sensitivity}`);
      if (rule.mask !== undefined && maskOf(rule.mask) === undefined)
        faults.push(`${coordinate}: no mask ${rule.mask}`);
    }
  }
  const operations = new Set([
    ...graph.roots.keys(),
    ...Object.keys(graph.schema.getQueryType()?.getFields() ?? {}),
    ...Object.keys(graph.schema.getMutationType()?.getFields() ?? {}),
  ]);
  const absent = absentFrom(graph.schema);
  for (const agreement of policy.agreements) {
    const name = `${agreement.number} (${agreement.department}/${agreement.role})`;
    for (const group of agreement.fields.keys()) {
      if (!groups.has(group) && !absent.has(group)) faults.push(`${name}: no field is in the group ${group}`);
    }
    for (const [type, scope] of agreement.rows) {
      const noun = graph.nouns.get(type);
      if (noun === undefined) {
        if (!absent.has(type)) faults.push(`${name}: there is no type ${type}`);
      } else if (noun.groups !== undefined)
        faults.push(`${name}: ${type} has no rows of its own, its scope is that of ${noun.groups.of.name}`);
      else if (scope === 'match' && !onlyAnswers(noun, graph)) {
        faults.push(`${name}: ${type} can be reached without a question, so "match" does not bound it`);
      }
    }
    for (const operation of agreement.operations) {
      if (!operations.has(operation) && !absent.has(operation))
        faults.push(`${name}: there is no operation ${operation}`);
    }
    for (const noun of graph.nouns.values())
      faults.push(...withheld(noun, agreement).map((fault) => `${name}: ${fault}`));
  }
  if (policy.agreements.length === 0) faults.push('no agreement is published: nobody could ask anything');
  return faults;
}

/**
 * What is wrong with agreements beside one another: two with one number, two that would decide the same request, a role
 * that its department does not have, an emergency mixed with everyday purposes.
 */
export function faultsAmong(agreements: readonly Agreement[]): string[] {
  const faults: string[] = [];
  const numbers = new Set<string>();
  agreements.forEach((one, index) => {
    const { number, department, role, emergency, purposes } = one;
    if (numbers.has(number)) faults.push(`${number}: another agreement has this number`);
    numbers.add(number);
    if (!roleFits(role, department)) faults.push(`${number}: ${department} has no role ${role}`);
    if (one.validUntil !== undefined && one.validUntil < one.validFrom) faults.push(`${number}: ends before it begins`);
    if (purposes.includes('EMERGENCY') !== emergency || (emergency && purposes.length > 1))
      faults.push(`${number}: EMERGENCY is the one purpose of an emergency agreement, and of no other`);
    for (const other of agreements.slice(index + 1)) {
      const both = purposes.filter((purpose) => other.purposes.includes(purpose));
      if (both.length > 0 && other.department === department && other.role === role && meet(one, other))
        faults.push(`${number}: ${other.number} decides ${both.join(', ')} at the same time`);
    }
  });
  return faults;
}

/** Whether there is a day on which both decide. */
const meet = (a: Agreement, b: Agreement): boolean =>
  a.state === 'ACTIVE' &&
  b.state === 'ACTIVE' &&
  (a.validUntil === undefined || a.validUntil >= b.validFrom) &&
  (b.validUntil === undefined || b.validUntil >= a.validFrom);

/** From the least harmful to the most. */
const LEVELS: readonly Sensitivity[] = ['PUBLIC', 'INTERNAL', 'PERSONAL', 'SENSITIVE'];

/** Whether rows of the noun stand only where a question was asked about them. */
function onlyAnswers(noun: Noun, graph: Graph): boolean {
  if (noun.table === undefined) return true;
  const above = [...graph.nouns.values()].filter(({ fields }) =>
    [...fields.values()].some(({ leadsTo }) => leadsTo.includes(noun.name)),
  );
  const fromRoot = [...graph.roots.values()].some(({ leadsTo }) => leadsTo.includes(noun.name));
  return !fromRoot && above.length > 0 && above.every(({ table }) => table === undefined);
}

/** Fields of a type that the agreement opens, yet may withhold on some rows or altogether, although they are not nullable. */
function withheld(noun: Noun, agreement: Agreement): string[] {
  const scope = agreement.rows.get(noun.groups?.of.name ?? noun.name);
  if (scope === undefined) return [];
  return [...noun.fields.values()]
    .filter(({ definition }) => isNonNullType(definition.type))
    .flatMap(({ coordinate, rule }) => {
      if (rule.group === 'public' && rule.sensitivity === 'PUBLIC') return [];
      const grant = agreement.fields.get(rule.group);
      if (grant === undefined) return [`${coordinate} is denied but not nullable`];
      if (grant.scope !== undefined && grant.scope !== scope)
        return [`${coordinate} is narrower than its row but not nullable`];
      return [];
    });
}
