/** The usual stack: Apollo Server, type-graphql, TypeORM entities, DataLoader, `@Authorized` on every field. No record. */
import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { fastify } from 'fastify';
import { buildSchema } from 'type-graphql';
import { DataSource } from 'typeorm';
import { HubNamingStrategy } from '../../../src/platform/naming.ts';
import { CALLERS } from '../../callers.ts';
import type { OwnEnvironment } from '../../contestants.ts';
import {
  Enrolment,
  EnrolmentEvent,
  Feed,
  Household,
  Membership,
  Person,
  PersonIdentifier,
  Recipient,
} from './entities.ts';
import { makeLoaders } from './loaders.ts';
import type { Context } from './reading.ts';
import { EnrolmentFields, HouseholdFields, MembershipFields, PersonFields, RecipientFields } from './reading.ts';
import { AidGrant, EmploymentRecord, HousingRecord, MedicalSettlement, StudentRecord } from './records.ts';
import { RecipientStatistics } from './statistics.ts';
import { StatusChecks } from './status-check.ts';
import { ReportAid } from './writing.ts';

const { url, connections, today, callers } = JSON.parse(process.env['BENCH'] ?? '{}') as OwnEnvironment;

const source = await new DataSource({
  type: 'postgres',
  url,
  namingStrategy: new HubNamingStrategy(),
  entities: [
    ...[Person, PersonIdentifier, Household, Membership, Enrolment, EnrolmentEvent, Recipient, Feed],
    ...[StudentRecord, MedicalSettlement, HousingRecord, EmploymentRecord, AidGrant],
  ],
  synchronize: false,
  installExtensions: false,
  poolSize: connections,
  applicationName: 'usual',
}).initialize();

const schema = await buildSchema({
  resolvers: [
    ...([RecipientFields, HouseholdFields, MembershipFields, EnrolmentFields, PersonFields] as const),
    ...([StatusChecks, ReportAid, RecipientStatistics] as const),
  ],
  validate: false,
  authChecker: ({ context }: { context: Context }, roles) => roles.includes(context.role),
});

const apollo = new ApolloServer<Context>({
  schema,
  // Cache hints would wrap every resolver once more.
  plugins: [ApolloServerPluginCacheControlDisabled()],
});
await apollo.start();

const app = fastify({ bodyLimit: 8 * 1024 * 1024 });
app.route({
  method: 'POST',
  url: '/graphql',
  handler: fastifyApolloHandler(apollo, {
    context: ({ headers }) => {
      // Tokens are looked up and not verified each time: kinder than usual.
      const caller = callers[headers.authorization?.slice('Bearer '.length) ?? ''];
      if (caller === undefined) throw new Error('Nobody of this run');
      const { role, regions } = CALLERS[caller];
      const loaders = makeLoaders(source, today);
      return Promise.resolve({ source, loaders, role, regions, caseNo: String(headers['hub-case']), today });
    },
  }),
});
const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${address}/graphql\n`);

process.once('SIGTERM', () => {
  process.exit(0);
});
