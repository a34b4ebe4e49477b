export { DEPARTMENTS, PURPOSES, ROLES, roleFits } from './caller.ts';
export type { Bound, Caller, Department, HubContext, OnDenied, Purpose, Role } from './caller.ts';
export { bindCaller, isCaseNumber, readOnDenied, requirePurpose, requirePurposeAndCase } from './purpose.ts';
export type { HubHeaders, PurposeAndCase } from './purpose.ts';
export type { AnsweringContext } from './answering.ts';
export { actOnPersons, byPolicy, recordedAct } from './recorded-act.ts';
export type { Act, ActContext, ActMoment, ActParts, Done } from './recorded-act.ts';
export type { Engine, EngineRequest, EngineResult } from './engine.ts';
export { createEngine } from './reading-road.ts';
export { openGuessWatch, watchedBudget } from './enumeration.ts';
export type { GuessWatch, GuessingAlert } from './enumeration.ts';
export { missBudget } from './miss-budget.ts';
export type { Asking, MissBudget } from './miss-budget.ts';
export { AGREEMENT_STATES, RHYTHMS, SHARING_ATTRIBUTES } from './policy/agreement.ts';
export type {
  Agreement,
  AgreementState,
  FieldGrant,
  FieldGroup,
  PolicyContent,
  PolicyData,
} from './policy/agreement.ts';
export { checkPolicy, faultsAmong, faultsOf } from './policy/check.ts';
export { readPolicyFiles } from './policy/files.ts';
export { agreementForm, grantText, groupForms, toAgreement, toForm, toGroup } from './policy/forms.ts';
export { SharingPolicy, isInForce } from './policy/sharing-policy.ts';
export type { Profile } from './policy/sharing-policy.ts';
export { raiseStamp, requireStamp } from './policy/stamp.ts';
export { loadPolicy, loadVersion, lockPolicy, publishPolicy, writeVersion } from './policy/store.ts';
export type { VersionOrigin } from './policy/store.ts';
export { loadRegions } from './regions.ts';
export type { RegionDirectory } from './regions.ts';
