/**
 * Tokens of the demo: what an identity provider of the province would issue is signed here with the demo key. A door of its
 * own, so that a command that only asks a hub does not load the whole of one.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DEPARTMENTS, PURPOSES, ROLES, openDemoKey, signDemoToken } from '../../access/tokens/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { packageFile } from '../package-file.ts';

const demoClient = z.object({
  client: z.string(),
  department: z.enum(DEPARTMENTS),
  role: z.enum(ROLES),
  regions: z.array(z.string()),
  purposes: z.array(z.enum(PURPOSES)),
});

/** A client of the demo. */
export type DemoClient = z.infer<typeof demoClient>;

/** Which token to sign. */
export interface DemoTokenTerms {
  readonly client: string;
  /** Seconds. */
  readonly lifetime: number;
  /** Some of the client's purposes; all of them by default. */
  readonly purposes?: readonly string[] | undefined;
  readonly clock: Clock;
}

/** A token that cannot be had; the message says why, and what can. */
export class NoTokenError extends Error {
  override readonly name = 'NoTokenError';
}

/** All clients of the demo. */
export async function listDemoClients(): Promise<readonly DemoClient[]> {
  return z.array(demoClient).parse(JSON.parse(await readFile(packageFile('seeds/synthetic/clients.json'), 'utf8')));
}

/** A signed token of a demo client. Throws NoTokenError, always so in production mode. */
export async function issueDemoToken(config: Config, terms: DemoTokenTerms): Promise<string> {
  const { mode, dataDir, issuer, audience, publicKeysDir } = config;
  if (mode === 'production') {
    throw new NoTokenError('HUB_MODE is production: tokens come from your identity provider, the demo key signs none.');
  }
  if (publicKeysDir !== undefined) {
    throw new NoTokenError('HUB_PUBLIC_KEYS_DIR is set: this hub trusts the keys there, and not the demo key.');
  }
  const known = await listDemoClients();
  const found = known.find(({ client }) => client === terms.client);
  if (found === undefined) {
    throw new NoTokenError(`There is no such demo client. There are ${known.map(({ client }) => client).join(', ')}.`);
  }
  const purposes = terms.purposes?.map((wanted) => {
    const purpose = found.purposes.find((allowed) => allowed === wanted);
    if (purpose === undefined) {
      throw new NoTokenError(`${found.client} has the purposes ${found.purposes.join(', ')} and no other.`);
    }
    return purpose;
  });
  const { lifetime, clock } = terms;
  const key = await openDemoKey(dataDir);
  return signDemoToken(key, { ...found, purposes: purposes ?? found.purposes }, { issuer, audience, lifetime, clock });
}
