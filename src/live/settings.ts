/** The sources that are connected: the file HUB_LIVE_SOURCES, read once at the start and checked as a whole. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { DEPARTMENTS } from '../access/index.ts';
import { ConfigError } from '../platform/config.ts';
import type { TlsParts } from './outgoing.ts';

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

const member = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be the name of a member');
const path = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}(\.[A-Za-z_][A-Za-z0-9_]{0,63}){0,9}$/, 'must be names with dots between them');
const whole = (least: number, most: number, otherwise: number) =>
  z.number().int().min(least).max(most).default(otherwise);

/** Headers that are the hub's own to set. */
const OWN_HEADERS = new Set([
  ...['host', 'content-length', 'content-type', 'accept', 'accept-encoding', 'authorization'],
  ...['connection', 'transfer-encoding', 'expect', 'upgrade', 'cookie'],
]);

const header = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be the name of a header')
  .refine((name) => !OWN_HEADERS.has(name.toLowerCase()), 'is set by the hub itself (the token goes under "token")');

const breaker = z.strictObject({
  failures: whole(1, 1_000, 5),
  within: whole(1, 3_600, 30),
  open: whole(1, 3_600, 15),
});

const source = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be small letters, digits and hyphens'),
  department: z.enum(DEPARTMENTS),
  kind: z.enum(['REST', 'GRAPHQL']),
  url: z.url({ protocol: /^https?$/, error: 'must be an https address' }),
  /** The document that a GraphQL source is asked with. */
  document: z.string().min(1).max(10_000).optional(),
  /** `list`: member of the body, or variable of the document, that holds the questions; `key`: its member, where each is an object. */
  request: z.strictObject({ list: member, key: member.optional() }),
  /** `list`: where the answers are, `key`: the number in each; `known`: whether they know the person; `fields`: ours by theirs. */
  answer: z.strictObject({
    list: path,
    key: member,
    known: member.optional(),
    fields: z.record(member, member).default({}),
  }),
  token: z.union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })]).optional(),
  headers: z.record(header, z.string().regex(/^[\x20-\x7e]{0,1000}$/, 'must be printable ASCII')).default({}),
  deadline: whole(50, 30_000, 3_000),
  largestBatch: whole(1, 1_000, 100),
  concurrency: whole(1, 100, 4),
  waiting: whole(1, 10_000, 100),
  largestAnswer: whole(1_024, 64 * 1024 * 1024, 1024 * 1024),
  breaker: breaker.prefault({}),
  tls: z
    .strictObject({
      ca: z.string().min(1).optional(),
      cert: z.string().min(1).optional(),
      key: z.string().min(1).optional(),
    })
    .optional(),
});

/** A source as the file names it; times in ms, those of the breaker in seconds. */
export type SourceSettings = Omit<z.infer<typeof source>, 'token' | 'tls'> & {
  /** Read from where the file says. */
  readonly token: string | undefined;
  readonly tls: TlsParts | undefined;
};

/** A question that some field of the graph puts. */
export interface KnownQuestion {
  readonly name: string;
  readonly department: string;
  /** Members of an answer that the field reads. */
  readonly members: readonly string[];
}

/** What the file is read with. */
export interface ReadingSettings {
  readonly questions: readonly KnownQuestion[];
  readonly development: boolean;
  /** Where tokens are looked for. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Reads the file: a JSON list of sources, one for each question at most. Paths in it are relative to its folder.
 * @throws ConfigError that names every source and member at fault, and never a value
 */
export async function readLiveSources(
  file: string,
  { questions, development, env }: ReadingSettings,
): Promise<readonly SourceSettings[]> {
  const fail = (...faults: string[]): ConfigError =>
    new ConfigError(faults.map((fault) => `HUB_LIVE_SOURCES: ${fault}`));
  const text = await readFile(file, 'utf8').catch(() => {
    throw fail(`${file} cannot be read`);
  });
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw fail(`${file} is not JSON`);
  }
  const read = z.array(source).max(50).safeParse(found);
  if (!read.success) throw fail(...read.error.issues.map((issue) => `${placeOf(issue.path)}${issue.message}`));
  const faults = read.data.flatMap((one, i) =>
    faultsOf(one, read.data.slice(0, i), questions, development).map((fault) => `source ${String(i + 1)}, ${fault}`),
  );
  if (faults.length > 0) throw fail(...faults);
  const here = dirname(resolve(file));
  return Promise.all(
    read.data.map(async ({ token, tls, ...one }, i) => {
      const load = (name: string, given: string): Promise<Buffer> =>
        readFile(resolve(here, given)).catch(() => {
          throw fail(`source ${String(i + 1)}, "${name}": the file cannot be read`);
        });
      const said =
        token === undefined
          ? undefined
          : 'env' in token
            ? env[token.env]
            : (await load('token.file', token.file)).toString('utf8').trim();
      if (token !== undefined && (said === undefined || !/^[\x21-\x7e]{1,8000}$/.test(said)))
        throw fail(`source ${String(i + 1)}, "token": there is no token, or it is none that a header can hold`);
      const parts =
        tls &&
        Object.fromEntries(
          await Promise.all(
            (['ca', 'cert', 'key'] as const).flatMap((part) =>
              tls[part] === undefined ? [] : [load(`tls.${part}`, tls[part]).then((bytes) => [part, bytes] as const)],
            ),
          ),
        );
      return { ...one, token: said, tls: parts as TlsParts | undefined };
    }),
  );
}

function placeOf(path: readonly PropertyKey[]): string {
  const [row, ...members] = path;
  if (typeof row !== 'number') return '';
  return `source ${String(row + 1)}${members.length === 0 ? '' : `, "${members.map(String).join('.')}"`}: `;
}

function faultsOf(
  { name, department, kind, url, document, answer, tls }: z.infer<typeof source>,
  earlier: readonly { readonly name: string }[],
  questions: readonly KnownQuestion[],
  development: boolean,
): readonly string[] {
  const faults: string[] = [];
  const question = questions.find((one) => one.name === name);
  if (question === undefined)
    faults.push(`"name": no field asks for it; there are ${questions.map((one) => one.name).join(', ') || 'none'}`);
  else {
    if (question.department !== department)
      faults.push(`"department": ${name} is a question to ${question.department}`);
    for (const ours of Object.keys(answer.fields))
      if (!question.members.includes(ours))
        faults.push(`"answer.fields": ${name} has no ${ours}; there are ${question.members.join(', ')}`);
  }
  if (earlier.some((other) => other.name === name)) faults.push('"name": occurs twice');
  const { protocol, hostname, username, password, hash } = new URL(url);
  if (protocol !== 'https:' && !(development && LOCAL.has(hostname)))
    faults.push('"url": must be an https address; http is for this machine in development mode alone');
  if (username !== '' || password !== '') faults.push('"url": must hold no password');
  if (hash !== '') faults.push('"url": must hold no fragment');
  if ((kind === 'GRAPHQL') !== (document !== undefined))
    faults.push('"document": a GRAPHQL source has one, a REST source has none');
  if (tls !== undefined && (tls.cert === undefined) !== (tls.key === undefined))
    faults.push('"tls": a certificate and its key come together');
  return faults;
}
