export { openInbox } from './inbox.ts';
export type { Inbox, InboxParts } from './inbox.ts';
export { columnsOf } from './table-rows.ts';
export { TableSourceError, readTableSources } from './table-settings.ts';
export type { TableSource } from './table-settings.ts';
export { openTables } from './tables.ts';
export type { Tables, TablesParts } from './tables.ts';
