/** What the modules above need to describe their nouns. */
// The decorators below read metadata while their classes are being declared, so it comes first.
import 'reflect-metadata';
export { closedList, isOneOf } from './closed-list.ts';
export { connectionOf, PageInfo } from './connection.ts';
export type { Connection, Edge } from './connection.ts';
export { Code, compiled, Computed, Derived, Over, Plan, Rows, Rule } from './model.ts';
export type { FieldRule, Planned, PlanFunction, RowAnchors, Sensitivity } from './model.ts';
export { ListArgs, PageArgs } from './page-args.ts';
export type { PlanAt, RowsPlan } from './rows-plan.ts';
export type { Row } from './row.ts';
export { DateScalar, DateTimeScalar, DecimalScalar, MonthScalar, RegionCodeScalar, YuanScalar } from './scalars.ts';
export { callerSlot, derive } from './slot.ts';
export type { Slot } from './slot.ts';
export { and, ident, join, raw, sql } from './sql.ts';
export type { Sql } from './sql.ts';
