/** The composition root: every part of the hub is opened here, in order, and closed in the opposite order. */
import {
  SharingPolicy,
  checkPolicy,
  createEngine,
  loadPolicy,
  loadRegions,
  missBudget,
  openGuessWatch,
  watchedBudget,
} from '../access/index.ts';
import type { Bound } from '../access/index.ts';
import { openLedger } from '../access/ledger/index.ts';
import { certificateReader, openTokenVerifier } from '../access/tokens/index.ts';
import { createAidReporter } from '../aid/index.ts';
import { createCorrections, createRecalls, openRecaller } from '../corrections/index.ts';
import {
  createAccessRequests,
  createExplainer,
  createForesight,
  createEmergencies,
  createNoticeBoard,
  createTokenRevoker,
  notify,
  openPolicyOffice,
} from '../governance/index.ts';
import { openLive } from '../live/index.ts';
import { INTAKE_SETTINGS, createIntake } from '../intake/index.ts';
import { createRegistrarDesk, matchSubjects } from '../matching/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import { openPool } from '../platform/database.ts';
import type { Logger } from '../platform/log.ts';
import { createFeedExpectations, openFreshness } from '../sharing/index.ts';
import { openAdmission } from './admission/admission.ts';
import { aidRules, feedRecords, recordKinds } from './department-modules.ts';
import { openDocuments } from './documents.ts';
import { freshnessOf } from './freshness-asked.ts';
import { openGraphql } from './graphql-route.ts';
import { openHttp } from './http.ts';
import { openGuessingAlarm } from './guessing-alarm.ts';
import { openHubDatabase } from './hub-database.ts';
import { openTrust } from './keys.ts';
import { assertLeastPrivilege } from './least-privilege.ts';
import { assertPortIsFree, whyNotListening } from './listening.ts';
import { openMetrics } from './metrics.ts';
import { openReadiness, readyChecks } from './readiness.ts';
import { buildHubSchema, describeGraph } from './schema.ts';
import { tellOfAbsent, warnOfMonths } from './start-notes.ts';
import { tokenEndpointOf } from './token-endpoint-parts.ts';
import { readTrustedDocuments } from './trusted-documents.ts';
import { openWaysIn } from './ways-in.ts';

/** A hub that answers. */
export interface Hub {
  readonly url: string;
  /** Answers what is under way, then closes ledger, connections and an embedded database. Safe to call twice. */
  close(): Promise<void>;
}

/** What a hub is started with beside its configuration. */
export interface Starting {
  readonly log: Logger;
  readonly clock: Clock;
  /** Gives the start up; what was opened is closed again. */
  readonly signal?: AbortSignal;
}

/**
 * Settings of every connection. Compiling a plan to machine code costs more
 * than any of our statements, whose estimates nested lateral joins push over its threshold. Plans are made once per
 * connection: an absent filter is absent from the text, so values choose no other plan, and planning a status check anew
 * costs three times what running it does (measured: 3.0 against 0.7 ms of PostgreSQL's CPU).
 */
const SESSION = { jit: 'off', plan_cache_mode: 'force_generic_plan' } as const;

/** Connections for uploads, previews and the worker that applies. */
const INTAKE_CONNECTIONS = 4;

/** Starts a hub. Throws StartError, ConfigError, KeyError, RightsMissingError or TrustedDocumentError with what to do. */
export async function startHub(config: Config, { log, clock, signal }: Starting): Promise<Hub> {
  const closers: (() => Promise<unknown>)[] = [];
  /** Notes how a part is closed. A part opened later uses the earlier ones, so it goes first. */
  const opened = <T>(part: T, close: (part: T) => Promise<unknown>): T => {
    signal?.throwIfAborted();
    closers.unshift(() => close(part));
    return part;
  };
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    for (const closer of closers) {
      await closer().catch((err: unknown) => {
        log.error({ err }, 'a part of the hub did not close cleanly');
      });
    }
  };

  try {
    const { bounds } = config;
    await assertPortIsFree(config);
    const trust = opened(await openTrust(config, { clock, log }), (part) => part.close());
    const database = opened(await openHubDatabase(config, { log, clock, signal }), (part) => part.stop());
    const pool = opened(
      openPool(database.serverUrl, {
        max: config.databasePool,
        name: 'hub',
        log,
        settings: { ...SESSION, statement_timeout: `${bounds.time}ms` },
      }),
      (part) => part.end(),
    );
    if (config.mode === 'production') await assertLeastPrivilege(pool);
    const schema = await buildHubSchema();
    const trusted = await readTrustedDocuments(schema, config.documentsDir, bounds);
    tellOfAbsent(trusted, log);
    const documents = openDocuments(trusted, config.trustedDocumentsOnly);
    const graph = await describeGraph(schema, database.serverUrl);
    // A connection of its own: it is never given back, and must not be one that requests wait for.
    const ledgerPool = opened(openPool(database.serverUrl, { max: 1, name: 'hub-ledger', log }), (part) => part.end());
    const signing = {
      suite: config.ledgerSuite,
      keysDir: config.ledgerKeysDir,
      make: config.mode === 'development',
    };
    const ledger = opened(
      await openLedger({ pool: ledgerPool, clock, anchorDir: config.anchorDir, signing, log }),
      (part) => part.close(),
    );
    await warnOfMonths(pool, clock, log);
    const budget = missBudget(
      pool,
      clock,
      (asking) => engine.policy.missesPerDayOf(asking, clock.today()) ?? config.missBudgetPerDay,
    );
    const onAlert = openGuessingAlarm({
      pool,
      clock,
      log,
      count: () => {
        metrics.guessingSuspected();
      },
    });
    const watch = openGuessWatch({ slowAfter: config.slowAfterMisses, onAlert });
    const regions = await loadRegions(pool);
    const engine = await createEngine({
      graph,
      pool,
      ledger,
      budget,
      watch,
      clock,
      rules: { levelOf: (code) => regions.levelOf(code), maxFirst: bounds.page },
      bounds,
      loadPolicy: async () => {
        const policy = new SharingPolicy(await loadPolicy(pool), regions);
        checkPolicy(graph, policy);
        return policy;
      },
    });
    const aid = createAidReporter({
      pool,
      ledger,
      clock,
      misses: watchedBudget(budget, watch),
      mostItems: bounds.grants,
      rules: aidRules,
    });
    const policyOffice = openPolicyOffice({ pool, ledger, clock, graph, notify });
    const accessRequests = createAccessRequests({ pool, ledger, clock, graph });
    const revoker = createTokenRevoker({ pool, ledger, clock });
    const emergencies = createEmergencies({ pool, ledger, clock });
    const noticeBoard = createNoticeBoard({ pool, ledger, clock });
    const corrections = createCorrections({ pool, ledger, clock, graph });
    const recalls = createRecalls({ pool, ledger, clock });
    const feeds = createFeedExpectations({ pool, ledger, clock, records: feedRecords });
    opened(openRecaller({ pool, graph, clock, log }), (part) => part.close());
    const freshness = freshnessOf(schema, openFreshness({ pool, graph, clock }));
    const policyInForce = () => engine.policy;
    // Deliveries are applied beside what is answered, on connections of their own, and a file takes its time.
    const intakePool = opened(
      openPool(database.serverUrl, { max: INTAKE_CONNECTIONS, name: 'hub-intake', log, settings: INTAKE_SETTINGS }),
      (part) => part.end(),
    );
    const intake = opened(
      createIntake({
        pool: intakePool,
        ledger,
        clock,
        log,
        kinds: recordKinds,
        policy: policyInForce,
        matchSubjects,
        share: config.snapshotShare,
      }),
      (part) => part.close(),
    );
    intake.start();
    const registrarDesk = createRegistrarDesk({ pool, ledger, clock, applyRows: intake.applyRows });
    const waysIn = opened(openWaysIn(config, { serverUrl: database.serverUrl, clock, log, intake }), (part) =>
      part.close(),
    );
    const explainer = createExplainer({ graph, clock, policy: policyInForce });
    const foresight = createForesight({ pool, graph, ledger, clock, policy: policyInForce });
    const verifier = openTokenVerifier({ ...trust.own, others: trust.others, clock });
    const certificates = certificateReader({ header: config.clientCertHeader, proxies: config.trustedProxies });
    const tokenEndpoint = tokenEndpointOf(config, { pool, clock, log, trust, certificates });
    const admission = openAdmission(bounds);
    const readiness = openReadiness(readyChecks(pool));
    const live = opened(await openLive(config, schema, { clock, log }), (part) => part.close());
    const metrics = openMetrics({
      inFlight: () => admission.running,
      waiting: () => admission.waiting,
      ready: () => readiness.last(),
      unsignedSeconds: () => (clock.now().getTime() - (ledger.unsignedSince?.() ?? clock.now()).getTime()) / 1000,
      connections: () => ({ open: pool.totalCount, waiting: pool.waitingCount }),
      more: [
        (registry) => live.register(registry),
        (registry) => {
          intake.register(registry);
        },
      ],
    });
    const isPublic = (caller: Bound, field: string): boolean => {
      const profile = engine.policy.profileOf(caller, clock.today());
      const permitted = engine.policy.operation(profile, field);
      return permitted.kind === 'allow' && !permitted.personal;
    };
    const graphql = opened(await openGraphql({ schema, engine, documents, bounds, log }), (part) => part.stop());
    const http = opened(
      await openHttp({
        graphql,
        documents,
        isPublic,
        isRevoked: (caller) => engine.policy.isRevoked(caller),
        verifier,
        certificates,
        tokenEndpoint,
        readiness,
        metrics,
        log,
        admission,
        bounds,
        freshness,
        records: waysIn.records,
        services: {
          aid,
          corrections,
          recalls,
          feeds,
          policyOffice,
          accessRequests,
          revoker,
          emergencies,
          noticeBoard,
          explainer,
          foresight,
          live,
          intake,
          registrarDesk,
        },
      }),
      (part) => part.close(),
    );
    const url = await http.listen(config.host, config.port).catch((error: unknown) => {
      throw whyNotListening(error, config);
    });
    waysIn.start();
    log.info({ url, mode: config.mode, policyVersion: engine.policy.version }, 'the hub answers');
    return { url, close: () => (closing ??= close()) };
  } catch (error) {
    await close();
    throw error;
  }
}
