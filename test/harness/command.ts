/** A command of `hub` in the test's own process, which is quicker than one of its own and takes part in its clock and mocks. */
import { jest } from '@jest/globals';
import { Command } from 'commander';

/** What a command came to. */
export interface CommandDone {
  readonly code: typeof process.exitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs `hub …` with the command that `add` adds, and these variables on top of this process's own. Rejects as the command does. */
export async function runCommand(
  add: (program: Command) => void,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CommandDone> {
  const [environment, exitCode] = [process.env, process.exitCode];
  const said = { out: '', err: '' };
  const spies = (['out', 'err'] as const).map((key) =>
    jest.spyOn(process[`std${key}`], 'write').mockImplementation((text) => {
      said[key] += String(text);
      return true;
    }),
  );
  process.env = { ...environment, ...env };
  try {
    const program = new Command().exitOverride();
    add(program);
    await program.parseAsync(args, { from: 'user' });
    return { code: process.exitCode, ...said };
  } finally {
    process.env = environment;
    process.exitCode = exitCode;
    spies.forEach((spy) => spy.mockRestore());
  }
}
