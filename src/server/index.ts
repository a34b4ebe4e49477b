export { assertLeastPrivilege } from './least-privilege.ts';
export { prepareDatabase, RightsMissingError } from './prepare-database.ts';
export type { Preparation } from './prepare-database.ts';
