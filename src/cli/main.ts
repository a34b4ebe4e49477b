#!/usr/bin/env node
/** The `hub` command. A subcommand's own modules are loaded when it runs, so that `hub --help` is quick. */
import { Command, CommanderError } from 'commander';
import { keepHeapSmall } from '../platform/heap.ts';

const HELP = `
Start here 从这里开始:
  hub serve                            start the hub with an embedded database and demo data
  hub token --client education.demo    print a token of a demo client

Exit codes: 0 done, 1 stopped by an error or wrong usage, 2 something was refused or rejected, 130 interrupted.
The --help of a subcommand names its own.`;

/** A subcommand: what the overview says of it, and the function that adds the whole of it. */
interface Subcommand {
  readonly summary: string;
  readonly load: () => Promise<(program: Command) => void>;
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  serve: {
    summary: '启动服务 · start the hub',
    load: async () => {
      keepHeapSmall();
      return (await import('./serve.ts')).addServe;
    },
  },
  migrate: {
    summary: '升级数据库 · create or update tables, roles and rights in the database',
    load: async () => (await import('./migrate.ts')).addMigrate,
  },
  seed: {
    summary: '装入演示数据 · fill an empty database with synthetic persons',
    load: async () => (await import('./seed.ts')).addSeed,
  },
  token: {
    summary: '签发演示令牌 · print a token of a demo client',
    load: async () => (await import('./token.ts')).addToken,
  },
  keys: {
    summary: '签名密钥管理 · the keys that the hub signs tokens with',
    load: async () => (await import('./keys.ts')).addKeys,
  },
  clients: {
    summary: '接入系统管理 · the systems of departments that may ask for tokens',
    load: async () => (await import('./clients.ts')).addClients,
  },
  tokens: {
    summary: '撤销令牌 · revoke tokens, and list what was revoked',
    load: async () => (await import('./tokens.ts')).addTokens,
  },
  aid: {
    summary: '回传救助结果 · report the aid that a department granted, from a CSV file',
    load: async () => (await import('./aid-report.ts')).addAid,
  },
  records: {
    summary: '报送记录 · deliver a department’s own records from CSV or XLSX files',
    load: async () => (await import('./records.ts')).addRecords,
  },
  sources: {
    summary: '数据源检查 · check the tables that are delivered on a schedule',
    load: async () => (await import('./sources.ts')).addSources,
  },
  access: {
    summary: '个人数据查阅记录 · who was told what of a person, and the letter to the person',
    load: async () => (await import('./access.ts')).addAccess,
  },
  ledger: {
    summary: '查阅和核验调用记录 · who saw what, and proof that nobody changed the record',
    load: async () => (await import('./ledger.ts')).addLedger,
  },
  matching: {
    summary: '身份比对 · how well records are matched to persons: precision and recall on generated truth',
    load: async () => (await import('./matching.ts')).addMatching,
  },
  policy: {
    summary: '共享协议管理 · read agreements, draft and publish changes, suspend',
    load: async () => (await import('./policy.ts')).addPolicy,
  },
  requests: {
    summary: '共享申请与答复 · ask for access, answer, extend, withdraw',
    load: async () => (await import('./requests.ts')).addRequests,
  },
  emergency: {
    summary: '应急访问 · open emergency access for two hours, close it, review it',
    load: async () => (await import('./emergency.ts')).addEmergency,
  },
  notices: {
    summary: '通知 · what your department was told, because it answers for it',
    load: async () => (await import('./notices.ts')).addNotices,
  },
  feeds: {
    summary: '数据时效 · how fresh and how accurate each source is',
    load: async () => (await import('./feeds.ts')).addFeeds,
  },
  corrections: {
    summary: '校核 · dispute a value that you were told, answer for yours',
    load: async () => (await import('./corrections.ts')).addCorrections,
  },
  recalls: {
    summary: '使用提醒 · what you were told and no longer holds',
    load: async () => (await import('./corrections.ts')).addRecalls,
  },
  query: {
    summary: '查询并导出 · run a query and write its rows as CSV or JSON lines',
    load: async () => (await import('./query.ts')).addQuery,
  },
  documents: {
    summary: '可信查询清单 · list the trusted documents and check them',
    load: async () => (await import('./documents.ts')).addDocuments,
  },
  schema: {
    summary: '生成接口定义 · write schema/schema.graphql, or check that it is up to date',
    load: async () => (await import('./schema.ts')).addSchema,
  },
};

async function run(args: readonly string[]): Promise<void> {
  const program = new Command('hub')
    .description('社会救助数据共享 · Departments learn who is 低保 or 特困, and report back the aid they granted')
    .addHelpText('after', HELP)
    .showHelpAfterError('hub --help shows all commands.')
    .exitOverride();
  const named = args[0] === 'help' ? args[1] : args[0];
  for (const [name, { summary, load }] of Object.entries(SUBCOMMANDS)) {
    if (name === named) (await load())(program);
    else program.command(name).summary(summary);
  }
  await program.parseAsync([...args], { from: 'user' });
}

// Whoever reads our output may have seen enough: `hub … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    // The message says what to do where it is one of ours; the stack helps nobody at a terminal.
    process.stderr.write(`${error instanceof Error ? error.message : 'Stopped by an unknown error'}\n`);
    process.exitCode = 1;
  }
}
