/** The life of agreements: how they are changed, asked for, tried out, and what happens in an emergency. */
export { Notice, NoticeKind } from './notices/notice.ts';
export { notify } from './notices/notify.ts';
export type { NewNotice } from './notices/notify.ts';
export { EmergencyAccess } from './emergencies/emergency-access.ts';
