/** `hub sources check`: whether the tables that HUB_SOURCES names can be read as deliveries, and what is missing. */
import type { Command } from 'commander';
import { checkTableSources } from '../server/index.ts';
import { onDatabase } from './ledger/on-database.ts';

const EXIT_FAULTY = 2;

const HELP = `
HUB_SOURCES is a JSON file:
  { "sources": [ {
      "name": "education-exchange", "client": "education.gansu", "record": "STUDENT", "sourceSystem": "exchange",
      "relation": "exchange.student", "columns": { "学籍号": "xjh", "姓名": "xm" }, "mode": "snapshot",
      "region": "620102", "everyMinutes": 1440 } ] }
"columns" names the column of each header or field; without it the columns of the view have the headers of the template as
their names. The relation is a foreign table (postgres_fdw), a view or a table that the operator makes in a schema of its own.
A running hub reads each source when it is due, one process at a time, as a delivery of the client.

Exit codes: 0 all can be read, 2 some cannot; each is named with the statement that mends it`;

/** Adds the subcommand. */
export function addSources(program: Command): void {
  program
    .command('sources')
    .summary('check tables as sources')
    .description('数据源检查 · Tables and views of the database that are delivered on a schedule.')
    .command('check')
    .summary('say what is missing')
    .description(
      'Looks for every table that HUB_SOURCES names, its columns, rights and client, and says what is missing.',
    )
    .addHelpText('after', HELP)
    .action(async () => {
      process.exitCode = await onDatabase(async (pool, config) => {
        const checked = await checkTableSources(config, pool);
        for (const { name, fault } of checked)
          process.stdout.write(fault === undefined ? `${name}: 可读取 can be read\n` : `${fault}\n`);
        if (checked.length === 0) process.stdout.write('HUB_SOURCES names no source.\n');
        return checked.some(({ fault }) => fault !== undefined) ? EXIT_FAULTY : 0;
      });
    });
}
