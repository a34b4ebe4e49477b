import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import hub from '../tools/lint-rules.js';
import { plant, type PlantedTree } from './planted-tree.ts';

/** Eighteen characters in the form of an ID number, made here so that none stands in this file. */
const number = `${'1'.repeat(17)}X`;
const fullWidth = number.replace(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));

/** File → its content and the rules that must fire on it, in order. */
const planted: Readonly<Record<string, readonly [content: string, ...rules: readonly string[]]>> = {
  'src/number.ts': [`/** A. */\nexport const a = '${number}';`, 'hub/no-resident-number'],
  'src/in-text.ts': [`/** A. */\nexport const a = 'number ${number}, name';`, 'hub/no-resident-number'],
  'src/template.ts': [`/** A. */\nexport const a = \`${number}\`;`, 'hub/no-resident-number'],
  'src/digits.ts': [`/** A. */\nexport const a = ${'1'.repeat(18)}n;`, 'hub/no-resident-number'],
  'src/underscores.ts': [`/** A. */\nexport const a = 111111_${'1'.repeat(12)}n;`, 'hub/no-resident-number'],
  'src/joined.ts': [
    `/** A. */\nexport const a = '${number.slice(0, 6)}' + '${number.slice(6, 9)}' + \`${number.slice(9)}\`;`,
    'hub/no-resident-number',
  ],
  'src/full-width.ts': [`/** A. */\nexport const a = '${fullWidth}';`, 'hub/no-resident-number'],
  'src/comment.ts': [`/** For example ${number}. */\nexport const a = 1;`, 'hub/no-resident-number'],
  'src/switched-off.ts': [
    `/** A. */\n// eslint-disable-next-line hub/no-resident-number\nexport const a = '${number}';`,
    'hub/no-directive',
    'hub/no-resident-number',
  ],
  'src/ignored-type.ts': [
    "/** A. */\n// @ts-expect-error it is a number\nexport const a: number = 'x';",
    'hub/no-directive',
  ],
  'test/builders.ts': [`export const a = '${number}';`, 'hub/no-resident-number'],
  'src/rule.test.ts': [`export const a = '${number}';`, 'hub/no-resident-number'],
  'seeds/persons.ts': [`/** A. */\nexport const a = '${number}';`, 'hub/no-resident-number'],
  'migrations/first.ts': [`/** A. */\nexport const a = '${number}';`, 'hub/no-resident-number'],
  'src/cast.ts': ['/** A. */\nexport const a = 1 as unknown as string;', 'hub/no-double-cast'],
  'src/silent.ts': ['export const a = 1;', 'hub/docstring'],
  'src/forgotten.ts': [
    '/** A. */\nexport const a = (work: () => Promise<void>): void => {\n  work();\n};',
    '@typescript-eslint/no-floating-promises',
  ],
  'src/misused.ts': [
    '/** A. */\nexport const a = (list: string[]): void => {\n  list.forEach(async (x) => Promise.reject(new Error(x)));\n};',
    '@typescript-eslint/no-misused-promises',
  ],
  'src/any.ts': ['/** A. */\nexport type A = any;', '@typescript-eslint/no-explicit-any'],
  'src/half.ts': [
    "/** A. */\nexport const a = (x: 'A' | 'B'): number => {\n  switch (x) {\n    case 'A':\n      return 1;\n  }\n  return 2;\n};",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
};

/** Looks like a fault and is none. */
const sound: Readonly<Record<string, string>> = {
  'src/sound.ts': [
    '/** A region has twelve digits, a bigint up to nineteen, a digest any number of them. */',
    "export const a = ['620000000000', '9223372036854775807', 'sha256:" + '0'.repeat(64) + "'];",
    '/** A list. */',
    'export const b = [1, 2] as const;',
  ].join('\n'),
  'src/list.ts': [
    'const closedList = (name: string, description: string): string => name + description;',
    "export const Kind = closedList('Kind', 'What it is');",
    'export type Kind = typeof Kind;',
  ].join('\n'),
  'src/tag.ts': '/** A marker that keeps its class. */\nexport const tag: ClassDecorator = () => undefined;',
  'src/noun.ts': [
    "import { tag } from './tag.ts';",
    "import { Other } from './other.ts';",
    '/** A noun: `Other` is used by emitted metadata, so it stays a value import. */',
    '@tag',
    'export class Noun {',
    '  other?: Other;',
    '}',
  ].join('\n'),
  'src/other.ts': '/** Another noun. */\nexport class Other {}',
};

describe('the lint rules', () => {
  let tree: PlantedTree;
  let found: ReadonlyMap<string, readonly string[]>;

  beforeAll(() => {
    const files = Object.fromEntries(Object.entries(planted).map(([name, [content]]) => [name, content]));
    tree = plant(['eslint.config.js', 'test/tools/lint-rules.js'], { ...files, ...sound });
    const run = tree.run('eslint/bin/eslint.js', ['src', 'test', 'seeds', 'migrations', '--format', 'json']);
    const results = JSON.parse(run.stdout) as {
      readonly filePath: string;
      readonly messages: readonly { readonly ruleId: string; readonly severity: number }[];
    }[];
    found = new Map(
      results.map(({ filePath, messages }) => [
        filePath.replace(/^.*\/planted-[^/]*\//, ''),
        messages.filter(({ severity }) => severity === 2).map(({ ruleId }) => ruleId),
      ]),
    );
  }, 120_000);
  afterAll(() => tree.remove());

  test('each of our own rules has a planted violation', () => {
    const rules = new Set(Object.values(planted).flatMap(([, ...names]) => names));
    for (const name of Object.keys(hub.rules)) expect(rules).toContain(`hub/${name}`);
  });

  test.each(Object.entries(planted))('%s breaks a rule and is caught', (name, [, ...rules]) => {
    for (const rule of rules) expect(found.get(name)).toContain(rule);
  });

  test.each(Object.keys(sound))('%s is sound and is not reported', (name) => {
    expect(found.get(name)).toEqual([]);
  });
});
