import type { GraphQLSchema } from 'graphql';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/log.ts';
import { openLiveDesk } from './desk.ts';
import type { LiveDesk } from './desk.ts';
import { questionsOf } from './questions.ts';
import { readLiveSources } from './settings.ts';

/**
 * The desk with the sources of the settings; without any, every question is answered with NOT_CONFIGURED.
 * @throws ConfigError
 */
export async function openLive(
  { liveSourcesFile, mode }: Pick<Config, 'liveSourcesFile' | 'mode'>,
  schema: GraphQLSchema,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Promise<LiveDesk> {
  const questions = questionsOf(schema);
  const known = questions.map(({ name, department, members }) => ({ name, department, members: Object.keys(members) }));
  const sources =
    liveSourcesFile === undefined
      ? []
      : await readLiveSources(liveSourcesFile, {
          questions: known,
          development: mode === 'development',
          env: process.env,
        });
  for (const { name, department } of sources) log.info({ source: name, department }, 'a live source is connected');
  return openLiveDesk({ sources, questions, clock, log });
}
