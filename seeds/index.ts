/** What may be loaded into a hub's database, and how. */
export { writeMonth } from './month/write-month.ts';
export { loadReference } from './reference/load.ts';
export type { ReferenceCounts } from './reference/load.ts';
export { seedsFolder } from './reference/tables.ts';
export { writeDemoFiles } from './synthetic/demo-files.ts';
export type { DemoFiles } from './synthetic/demo-files.ts';
export { AlreadyLoaded, hasPersons, loadSynthetic } from './synthetic/load.ts';
export type { SyntheticOptions } from './synthetic/load.ts';
export { DEMO_COUNTY } from './synthetic/population.ts';
export { showProgress } from './synthetic/progress.ts';
export type { Counts } from './synthetic/sheets.ts';
export { GOALS, measureMatching } from './truth/measure.ts';
export { tableOf } from './truth/table.ts';
