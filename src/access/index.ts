export { DEPARTMENTS, PURPOSES, ROLES, roleFits } from './caller.ts';
export type { Bound, Caller, Department, HubContext, OnDenied, Purpose, Role } from './caller.ts';
export { bindCaller, readOnDenied, requirePurposeAndCase } from './purpose.ts';
export type { HubHeaders, PurposeAndCase } from './purpose.ts';
