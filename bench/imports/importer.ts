/**
 * The hub's road for deliveries in a process of its own, put together as the server does it: a file is read, staged and
 * applied, with matching, findings, history and ledger. Each message is a file; each answer is what became of it.
 */
import 'reflect-metadata';
import type { Bound } from '../../src/access/index.ts';
import { SharingPolicy, loadPolicy, loadRegions } from '../../src/access/index.ts';
import { openLedger } from '../../src/access/ledger/index.ts';
import { openLocal, openSheet, readTemplates, templateKindOf } from '../../src/intake/files/index.ts';
import { INTAKE_SETTINGS, createIntake } from '../../src/intake/index.ts';
import type { DeliveryStatus } from '../../src/intake/index.ts';
import { matchSubjects } from '../../src/matching/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openPool } from '../../src/platform/database.ts';
import { openLog } from '../../src/platform/log.ts';
import { recordKinds } from '../../src/server/department-modules.ts';
import { packageFile } from '../../src/server/index.ts';

/** What it is started with, as JSON in the environment. */
export interface ImporterEnvironment {
  readonly url: string;
  readonly anchorDir: string;
}

/** A file to deliver. */
export interface ImportOrder {
  readonly path: string;
  readonly sourceSystem: string;
}

/** What became of it. */
export interface Imported {
  /** From the first look at the file until every row is applied. */
  readonly seconds: number;
  readonly staged: number;
  readonly state: DeliveryStatus['state'];
  readonly counts: DeliveryStatus['counts'];
}

const LONGEST_FILE = 2 ** 31;
const PATIENCE = 30 * 60_000;

const { url, anchorDir } = JSON.parse(process.env['BENCH'] ?? '{}') as ImporterEnvironment;
const log = openLog('warn');
const clock = systemClock;
const pool = openPool(url, { max: 4, name: 'bench-imports', log, settings: INTAKE_SETTINGS });
const ledgerPool = openPool(url, { max: 1, name: 'bench-imports', log });
const ledger = await openLedger({ pool: ledgerPool, clock, anchorDir, log });
const policy = new SharingPolicy(await loadPolicy(pool), await loadRegions(pool));
const kinds = recordKinds;
const templates = readTemplates(
  { own: packageFile('seeds/templates'), installed: undefined },
  kinds.map(templateKindOf),
);
const intake = createIntake({ pool, ledger, clock, log, kinds, policy: () => policy, matchSubjects });
intake.start();

const caller: Bound = {
  client: 'education.bench',
  department: 'EDUCATION',
  role: 'SYSTEM',
  regions: ['620000000000', '360000000000'],
  purposes: ['DATA_SUPPLY'],
  purpose: 'DATA_SUPPLY',
  tokenId: 'bench-education',
  caseNo: 'ED-BENCH-1',
};

async function deliver({ path, sourceSystem }: ImportOrder): Promise<Imported> {
  const template = templates.get('STUDENT');
  if (template === undefined) throw new Error('There is no template for STUDENT.');
  const context = {
    operation: { digest: Buffer.alloc(32), text: 'mutation { applyDelivery }' },
    policyVersion: policy.version,
    policyStamp: policy.stamp,
  };
  const begun = performance.now();
  const file = await openLocal(path, LONGEST_FILE);
  const rows = await openSheet(file, template);
  const opening = { record: 'STUDENT', mode: 'DELTA', asOf: clock.now(), format: 'CSV', sourceSystem } as const;
  const id = await intake.openDelivery(caller, opening, context);
  await intake.stage(id, rows);
  await file.close();
  const staged = performance.now();
  await intake.apply(caller, id, {}, context);
  const { state, counts } = await intake.settled(id, PATIENCE);
  return { seconds: (performance.now() - begun) / 1000, staged: (staged - begun) / 1000, state, counts };
}

process.on('message', (order: ImportOrder) => {
  void deliver(order).then(
    (imported) => process.send?.(imported),
    (error: unknown) => {
      log.error({ err: error }, 'a delivery of the benchmark failed');
      process.exit(1);
    },
  );
});
process.on('disconnect', () => {
  void intake
    .close()
    .then(() => ledger.close())
    .then(() => Promise.all([pool.end(), ledgerPool.end()]))
    .then(() => process.exit(0));
});
process.send?.('ready');
