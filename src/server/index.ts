/** What the command line may use of the server. */
export {
  ArchiveRefused,
  FEWEST_AHEAD,
  archiveMonths,
  listArchives,
  listMonths,
  monthsAhead,
} from '../access/ledger/index.ts';
export { recentAccesses, verifyLedger } from '../access/ledger/index.ts';
export type { RecentAccess, Verification } from '../access/ledger/index.ts';
export {
  KeyRing,
  LedgerKeyError,
  PERSON_FORMS,
  SUITES,
  exportLedger,
  listLedgerKeys,
  makeLedgerKey,
  verifyExport,
} from '../access/ledger/index.ts';
export type { ExportVerification, KeyRecord, PersonForm, SigningKey, Suite } from '../access/ledger/index.ts';
export {
  ClientError,
  addClient,
  addClientCertificate,
  addClientKeys,
  findClient,
  isActiveOn,
  listClients,
  removeClientCertificate,
  removeClientKey,
  setClientState,
} from '../access/clients/index.ts';
export type { RegisteredClient } from '../access/clients/index.ts';
export { KeyError, listOwnKeys, makeOwnKey, retireOwnKey, rotateOwnKeys } from '../access/tokens/index.ts';
export type { OwnKeyState, StatedKey } from '../access/tokens/index.ts';
export { personLetter } from '../accountability/index.ts';
export { revokeAsOperator } from '../governance/index.ts';
export { faultOf } from './fault.ts';
export { layOut } from './hub-database.ts';
export { openKeys } from './keys.ts';
export { packageFile } from './package-file.ts';
export { prepareDatabase, RightsMissingError } from './prepare-database.ts';
export type { Preparation } from './prepare-database.ts';
export { buildHubSchema, toSdl } from './schema.ts';
export { StartError } from './listening.ts';
export { startHub } from './start.ts';
export type { Hub, Starting } from './start.ts';
export { TrustedDocumentError, readTrustedDocuments } from './trusted-documents.ts';
export { checkTableSources } from './ways-in.ts';
