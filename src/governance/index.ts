/** The life of agreements: how they are changed, asked for, tried out, and what happens in an emergency. */
export { Notice, NoticeKind } from './notices/notice.ts';
export { notify } from './notices/notify.ts';
export type { NewNotice } from './notices/notify.ts';
export { Revocation } from './revocations/revocation.ts';
export { Revocations } from './revocations/revocations.resolver.ts';
export { createTokenRevoker } from './revocations/revoke.ts';
export type { Revoked, StandingRevocation, TokenRevoker } from './revocations/revoke.ts';
export { revokeAsOperator } from './revocations/revoke-as-operator.ts';
export { EmergencyAccess } from './emergencies/emergency-access.ts';
export { AccessRequest } from './requests/access-request.ts';
export { AccessRequestAnswer } from './requests/access-request-answer.ts';
export { AccessRequestGroup } from './requests/access-request-group.ts';
export { createAccessRequests } from './requests/access-requests.ts';
export type { AccessRequests, AccessRequestsParts } from './requests/access-requests.ts';
export { AccessRequestActs, AccessRequestQueries } from './requests/access-requests.resolver.ts';
export type { AccessRequestsContext } from './requests/access-requests.resolver.ts';
export type { AccessRequestReceipt, RequestAccessInput } from './requests/access-requests.types.ts';
