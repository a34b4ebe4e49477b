import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { migrations } from './migrations/index.ts';
import { HubNamingStrategy } from './src/platform/naming.ts';
import { entities } from './src/server/entities.ts';

/**
 * The one description of the schema that TypeORM works with: metadata for the engine, migrations for the command line.
 * `url` is the owner's; without it DATABASE_URL is taken when the source is opened. Queries do not go through it.
 */
export function createDataSource(url: string | undefined = process.env['DATABASE_URL']): DataSource {
  return new DataSource({
    type: 'postgres',
    ...(url === undefined ? {} : { url }),
    entities: [...entities],
    migrations: [...migrations],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'all',
    namingStrategy: new HubNamingStrategy(),
    // Ids are made in Node and extensions by the migrations, so opening a source changes nothing in the database.
    installExtensions: false,
    synchronize: false,
    applicationName: 'hub-migrate',
  });
}

/** For TypeORM's own command line (`-d ormconfig.ts`). */
export default createDataSource();
