import type { DataSourceOptions } from 'typeorm';
import { migrations } from './index.ts';

/** The part of TypeORM's options that running migrations needs: no entity, so that nothing of the hub is loaded for it. */
export const migrationOptions = {
  type: 'postgres',
  migrations: [...migrations],
  migrationsTableName: 'schema_migration',
  // All that are pending or none: a failure leaves the schema as it was.
  migrationsTransactionMode: 'all',
  // Ids are made in Node and extensions by the migrations, so opening a source changes nothing in the database.
  installExtensions: false,
  synchronize: false,
  applicationName: 'hub-migrate',
} satisfies DataSourceOptions;
