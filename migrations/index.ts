import type { MigrationInterface } from 'typeorm';
import { Registry1790000000001 } from './1790000000001-registry.ts';
import { Policy1790000000002 } from './1790000000002-policy.ts';
import { Ledger1790000000003 } from './1790000000003-ledger.ts';
import { Statistics1790000000004 } from './1790000000004-statistics.ts';
import { RecipientOrders1790000000005 } from './1790000000005-recipient-orders.ts';
import { Agreements1790000000006 } from './1790000000006-agreements.ts';
import { AccessRequests1790000000007 } from './1790000000007-access-requests.ts';
import { Emergencies1790000000008 } from './1790000000008-emergencies.ts';
import { LedgerCheckpoints1790000000009 } from './1790000000009-ledger-checkpoints.ts';
import { LedgerMonths1790000000010 } from './1790000000010-ledger-months.ts';
import { Clients1790000000011 } from './1790000000011-clients.ts';
import { Revocations1790000000012 } from './1790000000012-revocations.ts';
import { StatisticsApart1790000000013 } from './1790000000013-statistics-apart.ts';
import { LedgerByTime1790000000014 } from './1790000000014-ledger-by-time.ts';
import { Intake1790000000015 } from './1790000000015-intake.ts';
import { Matching1790000000016 } from './1790000000016-matching.ts';
import { Freshness1790000000017 } from './1790000000017-freshness.ts';
import { AidItems1790000000018 } from './1790000000018-aid-items.ts';
import { CivilAffairs1790000000020 } from './1790000000020-civil-affairs.ts';
import { Education1790000000021 } from './1790000000021-education.ts';
import { Health1790000000022 } from './1790000000022-health.ts';
import { Housing1790000000023 } from './1790000000023-housing.ts';
import { Labour1790000000024 } from './1790000000024-labour.ts';

/** All migrations, oldest first. Named one by one, so that a build without the file system's order runs the same ones. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  Registry1790000000001,
  Policy1790000000002,
  Ledger1790000000003,
  Statistics1790000000004,
  RecipientOrders1790000000005,
  Agreements1790000000006,
  AccessRequests1790000000007,
  Emergencies1790000000008,
  LedgerCheckpoints1790000000009,
  LedgerMonths1790000000010,
  Clients1790000000011,
  Revocations1790000000012,
  StatisticsApart1790000000013,
  LedgerByTime1790000000014,
  Intake1790000000015,
  Matching1790000000016,
  Freshness1790000000017,
  AidItems1790000000018,
  CivilAffairs1790000000020,
  Education1790000000021,
  Health1790000000022,
  Housing1790000000023,
  Labour1790000000024,
];
