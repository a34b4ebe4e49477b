import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { FAULTS } from './faults.ts';

test.each(FAULTS.map((fault) => [fault.name, fault] as const))(
  'where to plant it is still there: %s',
  (_name, { file, text }) => {
    expect(readFileSync(file, 'utf8').split(text)).toHaveLength(2);
  },
);
