/** `hub policy`: the agreements, and the acts of the stewards who change them, over the hub's own interface. */
import type { Command } from 'commander';
import { ENVIRONMENT } from './governing.ts';
import { addChanges } from './policy/changes.ts';
import { addDryRun } from './policy/dry-run.ts';
import { addExplain } from './policy/explain.ts';
import { addReading } from './policy/reading.ts';
import { addUsage } from './policy/usage.ts';

const HELP = `${ENVIRONMENT}

Examples:
  hub policy list --client housing.demo
  hub policy show housing --client housing.steward-a.demo > housing.json
  hub policy draft housing.json --summary "..." --client housing.steward-a.demo --case HO-GOV-2026-001
  hub policy publish 0198… --client civil-affairs.steward-a.demo --case CA-GOV-2026-001
  hub policy suspend housing --reason "..." --client civil-affairs.steward-a.demo --case CA-GOV-2026-002`;

/** Adds the subcommand. */
export function addPolicy(program: Command): void {
  const policy = program
    .command('policy')
    .summary('read agreements, draft and publish changes, suspend')
    .description('共享协议 · The sharing agreements: what is in force, how it came about, and how it is changed.')
    .addHelpText('after', HELP);
  addReading(policy);
  addChanges(policy);
  addExplain(policy);
  addDryRun(policy);
  addUsage(policy);
}
