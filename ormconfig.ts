import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { migrationOptions } from './migrations/options.ts';
import { HubNamingStrategy } from './src/platform/naming.ts';
import { entities } from './src/server/entities.ts';

/**
 * The one description of the schema that TypeORM works with: metadata for the engine, migrations for the command line.
 * `url` is the owner's; without it DATABASE_URL is taken when the source is opened. Queries do not go through it.
 */
export function createDataSource(url: string | undefined = process.env['DATABASE_URL']): DataSource {
  return new DataSource({
    ...migrationOptions,
    ...(url === undefined ? {} : { url }),
    entities: [...entities],
    namingStrategy: new HubNamingStrategy(),
  });
}

/** For TypeORM's own command line (`-d ormconfig.ts`). */
export default createDataSource();
