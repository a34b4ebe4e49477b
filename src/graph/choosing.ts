/** Which rows a plan chooses, as predicates. Whatever chooses or orders rows must be visible in full on every row. */
import type { Noun } from './noun.ts';
import type { RegionSlot } from './values.ts';
import { placeField, placeProperty } from './place.ts';
import type { Planning } from './planning.ts';
import type { AccessProfile, Denial } from './policy.ts';
import type { Row } from './row.ts';
import type { RowsPlan } from './rows-plan.ts';
import { scopeForPlan } from './scoping.ts';
import type { Above } from './scoping.ts';
import type { Slot } from './slot.ts';
import { sql } from './sql.ts';
import type { Sql } from './sql.ts';

/**
 * Refuses the operation unless the caller sees the property in full on every row in scope: a filter or an order by a
 * field that is denied, masked or narrower than its row would tell what the field does not.
 */
export function mayChooseBy<P extends AccessProfile>(
  planning: Planning<P>,
  noun: Noun,
  property: string,
  coordinate?: string,
): void {
  const field = noun.fields.get(property);
  if (field === undefined) return; // no field of the graph: a key or a place code, for which the plan function vouches
  const { policy, profile } = planning.input;
  const decision = policy.field(profile, field.coordinate, field.rule);
  const scope = scopeForPlan(planning, noun);
  const narrower = decision.kind !== 'deny' && decision.scope !== undefined && decision.scope.kind !== scope.kind;
  if (decision.kind === 'full' && !narrower) return;
  const denial: Denial =
    decision.kind === 'deny'
      ? decision
      : {
          kind: 'deny',
          owner: field.rule.owner,
          reason: `${field.coordinate} is shared in part only, so it cannot choose or order rows`,
        };
  const named = coordinate ?? field.coordinate;
  planning.refused.set(named, { ...denial, coordinate: named });
}

/** The predicates of a plan, row scope aside. */
export function choosingPredicates<P extends AccessProfile>(
  planning: Planning<P>,
  noun: Noun,
  row: Row,
  chosen: RowsPlan,
  above: Above | undefined,
): Sql[] {
  const predicates: Sql[] = [];
  for (const [property, upper] of Object.entries(chosen.on ?? {})) {
    if (above === undefined) throw new Error(`${noun.name}: a root has no row above`);
    predicates.push(sql`${row.column(property)} = ${above.row.column(upper)}`);
  }
  for (const [property, slot] of Object.entries(chosen.equals ?? {})) {
    if (slot === undefined) continue;
    mayChooseBy(planning, noun, property, slot.coordinate);
    predicates.push(sql`${row.column(property)} = ${typedLike(noun, property, slot)}`);
  }
  const { validOn, within, where } = chosen;
  if (validOn !== undefined) {
    if (validOn.coordinate !== undefined) mayChooseBy(planning, noun, 'validFrom', validOn.coordinate);
    const to = row.column('validTo');
    predicates.push(sql`${row.column('validFrom')} <= ${validOn}`, sql`(${to} is null or ${to} >= ${validOn})`);
  }
  if (within !== undefined) {
    const property = placeProperty((within as RegionSlot).level);
    mayChooseBy(planning, noun, placeField(property), within.coordinate);
    predicates.push(sql`${row.column(property)} = ${within}`);
  }
  if (where !== undefined) {
    for (const used of where.uses) {
      if (typeof used === 'string') mayChooseBy(planning, noun, used);
      else mayChooseBy(planning, noun, used.property, used.coordinate);
    }
    predicates.push(where.predicate(row));
  }
  return predicates;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A filter's value as the type of its column. */
function typedLike(noun: Noun, property: string, slot: Slot): Slot {
  return noun.table?.columns.get(property)?.type === 'uuid' ? asUuid(slot) : slot;
}

/** The slot's text, or each of its texts, as UUIDs; what is none equals no id. */
export function asUuid(slot: Slot): Slot {
  const toUuid = (value: unknown): string | null => (typeof value === 'string' && UUID.test(value) ? value : null);
  return {
    ...slot,
    key: `${slot.key}:uuid`,
    type: slot.type.endsWith('[]') ? 'uuid[]' : 'uuid',
    read: (bindings) => {
      const value = slot.read(bindings);
      return Array.isArray(value) ? value.map(toUuid) : toUuid(value);
    },
  };
}
