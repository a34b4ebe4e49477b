/** An unforeseen error as the log may hold it: what kind and where, never its text, which may quote a person's data. */
export interface Fault {
  readonly type: string;
  /** Of PostgreSQL (SQLSTATE) or of the system. */
  readonly code?: string;
  readonly constraint?: string;
  readonly stack?: string;
  readonly cause?: Fault;
}

/** Kind, codes and stack of anything thrown. */
export function faultOf(thrown: unknown): Fault {
  if (typeof thrown !== 'object' || thrown === null) return { type: typeof thrown };
  const text = (key: string): string | undefined => {
    const value: unknown = key in thrown ? Reflect.get(thrown, key) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const code = text('code');
  const constraint = text('constraint');
  const stack = text('stack');
  const cause = 'cause' in thrown ? thrown.cause : undefined;
  return {
    type: text('name') ?? 'object',
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(stack === undefined ? {} : { stack: framesOf(stack) }),
    ...(cause === undefined ? {} : { cause: faultOf(cause) }),
  };
}

/** The stack without its head, which repeats the message, of as many lines as that has. */
const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^ {4}at \S/.test(line))
    .join('\n');
