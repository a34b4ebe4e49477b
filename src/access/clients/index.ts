export { findClient, isActiveOn, listClients } from './client.ts';
export type { ClientState, RegisteredClient } from './client.ts';
export {
  ClientError,
  addClient,
  addClientCertificate,
  addClientKeys,
  removeClientCertificate,
  removeClientKey,
  setClientState,
} from './register.ts';
export type { NewClient } from './register.ts';
export { tokenIssuer } from './token-issuer.ts';
export type { Issued, TokenIssuer, TokenRequest } from './token-issuer.ts';
