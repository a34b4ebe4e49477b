/** PostGraphile 5 on the hub's tables, behind bare node:http; with row-level security each request sets role and scope. */
import { createServer } from 'node:http';
import { PgAggregatesPreset } from '@graphile/pg-aggregates';
import { postgraphile } from 'postgraphile';
import { TYPES } from 'postgraphile/@dataplan/pg';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { addPgTableCondition } from 'postgraphile/utils';

const { url, connections, rowSecurity, settings } = JSON.parse(process.env.BENCH ?? '{}');

/** Rows that are valid on a day; in a schema made for the hub's users this would be an argument as well. */
const validOn = (tableName) =>
  addPgTableCondition(
    { schemaName: 'public', tableName },
    'validOn',
    ({ graphql }) => ({ type: graphql.GraphQLString }),
    (day, { sql, sqlTableAlias: row, sqlValueWithCodec }) => {
      const on = sqlValueWithCodec(day, TYPES.date);
      return sql`${row}.valid_from <= ${on} and (${row}.valid_to is null or ${row}.valid_to >= ${on})`;
    },
  );

/** Grants without the versions that a later one corrected. */
const held = addPgTableCondition(
  { schemaName: 'public', tableName: 'aid_grant' },
  'held',
  ({ graphql }) => ({ type: graphql.GraphQLBoolean }),
  (_value, { sql, sqlTableAlias: row }) => sql`${row}.state <> 'SUPERSEDED'`,
);

/** The plugin for aggregates counts distinct values only, which costs a sort where rows are distinct anyhow. */
const countRows = {
  name: 'CountRowsPlugin',
  version: '1.0.0',
  after: ['PgAggregatesSpecsPlugin'],
  schema: {
    hooks: {
      build(build) {
        build.pgAggregateSpecs.push({
          id: 'count',
          humanLabel: 'count',
          HumanLabel: 'Count',
          isSuitableType: () => true,
          sqlAggregateWrap: (fragment) => build.sql`count(${fragment})`,
          pgTypeCodecModifier: () => TYPES.bigint,
        });
        return build;
      },
    },
  },
};

/** Settings of the database session by token; looked up and not verified each time, which is kinder than usual. */
const settingsOf = ({ headers }) => settings[headers.authorization?.slice('Bearer '.length) ?? ''];

const preset = {
  extends: [PostGraphileAmberPreset, PgAggregatesPreset],
  plugins: [validOn('recipient'), validOn('membership'), held, countRows],
  // It would leave out conditions and orders on columns that no index begins with.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [
    makePgService({
      connectionString: url,
      schemas: ['public'],
      // Planned once per connection, as the hub's: a third of PostgreSQL's CPU for a status check, no more for a page.
      poolConfig: {
        max: connections,
        options: '-c timezone=UTC -c plan_cache_mode=force_generic_plan',
        application_name: 'postgraphile',
      },
      pubsub: false,
    }),
  ],
  schema: { defaultBehavior: '+connection +list -insert -update -delete' },
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
  grafast: {
    explain: false,
    // Without settings there is no transaction to set them in: that is how PostGraphile is fastest.
    context: ({ node }) => (rowSecurity ? { pgSettings: settingsOf(node.req) } : {}),
  },
};

const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}/graphql\n`);
});
process.once('SIGTERM', () => process.exit(0));
