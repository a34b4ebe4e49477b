/** Structured logs. Callers log known shapes with ids and counts; personal data has no place in any of them. */
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

export type { Logger } from 'pino';

/** Levels that the configuration accepts. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
/** One of them. */
export type LogLevel = (typeof LOG_LEVELS)[number];

// A net, not a licence: these names must not be logged at all. pino's wildcard reaches one level down only.
const CENSORED = [
  'idNumber',
  'name',
  'matchKey',
  'phone',
  'address',
  'token',
  'authorization',
  'password',
  'variables',
];

/** A logger that writes one JSON object a line; to standard error unless told otherwise, so that output stays clean. */
export function openLog(level: LogLevel, destination: DestinationStream = standardError()): Logger {
  return pino(
    {
      level,
      base: { service: 'hub' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: CENSORED.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
      serializers: { err: withoutValues },
    },
    destination,
  );
}

/** Lines are written many at a time, within a tenth of a second: under load each call of the system counts. */
function standardError(): DestinationStream {
  const destination = pino.destination({ fd: 2, sync: true, minLength: 4_096, periodicFlush: 100 });
  process.once('exit', () => {
    destination.flushSync();
  });
  return destination;
}

/** The logger of lines whose every member is known, one for each request: nothing in them is to be looked for. */
export const withoutNet = (log: Logger): Logger => log.child({}, { redact: [] });

/** A logger that says nothing, for tests. */
export const silentLog: Logger = pino({ level: 'silent' });

/**
 * An error for the log: kind, code, message, stack and cause. Never `detail` or `where` of PostgreSQL, which quote the
 * values of the row at fault, nor its message where that quotes an input.
 */
function withoutValues(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const quotesInput = code !== undefined && /^2[23]/.test(code) && /^[0-9A-Z]{5}$/.test(code);
  const constraint = 'constraint' in error ? error.constraint : undefined;
  return {
    type: error.name,
    code,
    constraint,
    message: quotesInput ? `PostgreSQL refused a value (${code})` : error.message,
    stack: error.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    ...(error.cause === undefined ? {} : { cause: withoutValues(error.cause) }),
  };
}
