/** `hub policy explain Person.address`: why something is open to somebody, or what is missing and whom to ask. */
import type { Command } from 'commander';
import { z } from 'zod';
import { run } from '../governing.ts';
import type { Options } from '../governing.ts';
import { RefusedError, ask } from '../query/ask.ts';
import type { Asking } from '../query/ask.ts';

const HELP = `
Coordinates: Type.field, Query.field, Mutation.field, Type.field(argument:), Input.field, Enum.VALUE.
Without --department, --role and --purpose it is explained for the token and without a purpose.

Examples:
  hub policy explain Person.address --client housing.demo --purpose AID_ELIGIBILITY
  hub policy explain MedicalSettlement.diagnosis --department HOUSING --role SYSTEM --client audit.demo`;

type Explaining = Pick<Options, 'url' | 'token' | 'client' | 'json'> & {
  readonly department?: string;
  readonly role?: string;
  readonly purpose?: string;
};

const QUERY = `query Explain($coordinate: String!, $department: Department, $role: CallerRole, $purpose: CallerPurpose) {
  explainAccess(coordinate: $coordinate, department: $department, role: $role, purpose: $purpose) {
    sentence coordinate department role purpose decision scopes masks groups agreement title state legalBasis articles owner
    validUntil missing opensFor
  }
}`;

const explained = z.looseObject({ sentence: z.string() });

/** Adds the subcommand. */
export function addExplain(policy: Command): void {
  policy
    .command('explain <coordinate>')
    .description('说明权限 · Say in one sentence why something is open to somebody, or what is missing and whom to ask')
    .option('--department <code>', 'for this department, e.g. HOUSING; that of the token by default')
    .option('--role <code>', 'for this role, e.g. SYSTEM; that of the token by default')
    .option('--purpose <purpose>', 'for this purpose, e.g. AID_ELIGIBILITY')
    .option('--url <address>', 'address of the hub', process.env['HUB_URL'] ?? 'http://127.0.0.1:4000')
    .option('--token <token>', 'token of the caller; better in HUB_TOKEN, where no process list shows it')
    .option('--client <name>', 'sign a token of this demo client with the demo key of HUB_DATA_DIR')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action((coordinate: string, options: Explaining) =>
      // Nothing personal is told, so neither header decides anything: what is named as an option is what is asked about.
      run({ ...options, purpose: 'GOVERNANCE', case: 'POLICY' }, (asking) => explain(asking, coordinate, options)),
    );
}

async function explain(asking: Asking, coordinate: string, options: Explaining): Promise<string> {
  const { department, role, purpose } = options;
  const { data, errors } = await ask({ query: QUERY, variables: { coordinate, department, role, purpose } }, asking);
  const answer = explained.nullish().parse(data['explainAccess']);
  if (answer === null || answer === undefined) throw new RefusedError(errors.join('\n'));
  return options.json === true ? `${JSON.stringify(answer, undefined, 2)}\n` : `${answer.sentence}\n`;
}
