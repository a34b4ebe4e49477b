/** What the modules above need to describe their nouns. */
// The decorators below read metadata while their classes are being declared, so it comes first.
import 'reflect-metadata';
export { absentFrom, withAbsent } from './absent.ts';
export { closedList, isOneOf, meaningsOf, propertyList } from './closed-list.ts';
export { connectionOf, PageInfo } from './connection.ts';
export type { Connection, Edge } from './connection.ts';
export {
  Answered,
  Code,
  compiled,
  Computed,
  Counting,
  Derived,
  GroupedBy,
  GroupsOf,
  Over,
  Plan,
  Rows,
  Rule,
} from './model.ts';
export type { FieldRule, Planned, PlanFunction, RowAnchors, Sensitivity } from './model.ts';
export { ListArgs, PageArgs } from './page-args.ts';
export type { Disclosable, PlanAt, RowsPlan } from './rows-plan.ts';
export type { Row } from './row.ts';
export { DateScalar, DateTimeScalar, DecimalScalar, MonthScalar, RegionCodeScalar, YuanScalar } from './scalars.ts';
export { callerSlot, derive } from './slot.ts';
export type { Slot } from './slot.ts';
export { and, ident, join, raw, sql } from './sql.ts';
export type { Sql } from './sql.ts';
export { beyondStatement, schemaFor } from './introspection.ts';
export { readGraph } from './noun.ts';
export type { Graph, Noun, NounField } from './noun.ts';
export { documentForCoerced, schemaForCoerced } from './coerced.ts';
export { complete, schemaForCompleting, withinStatement } from './completing.ts';
export { collectFields } from './fields.ts';
export { readOperation } from './operation.ts';
export type { Operation } from './operation.ts';
export { placeProperty } from './place.ts';
export { makePlan } from './planner.ts';
export type { PlanNode, StatementPlan } from './statement-plan.ts';
export { Denied, FormRefused } from './planning.ts';
export type { DeniedCoordinate } from './planning.ts';
export { isDenial } from './policy.ts';
export type { AccessProfile, Decision, Denial, Policy, RowScope } from './policy.ts';
export type { Questions } from './rows-plan.ts';
export type { Bindings } from './slot.ts';
export { statementRunner } from './statement.ts';
export type { Answer } from './statement.ts';
export type { Subject } from './subjects.ts';
export { readValues } from './values.ts';
export type { ValueRules, Values } from './values.ts';
