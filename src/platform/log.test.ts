import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { openLog } from './log.ts';

function logged(write: (log: ReturnType<typeof openLog>) => void): string {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  write(openLog('info', sink));
  return lines.join('');
}

test('what names a person is censored even where somebody logs it', () => {
  const text = logged((log) => log.info({ person: { idNumber: 'X1', name: 'Zhang' }, phone: 'P1' }, 'seen'));
  expect(text).not.toMatch(/X1|Zhang|P1/);
  expect(text).toContain('seen');
});

test('an error of PostgreSQL is logged without the row that it quotes', () => {
  const error = Object.assign(new Error('duplicate key value: X1'), {
    code: '23505',
    detail: 'Key (match_key)=(X1) already exists.',
    constraint: 'uq_person_identifier__match_key_type',
  });
  const text = logged((log) => log.error({ err: new Error('failed', { cause: error }) }, 'write'));
  expect(text).not.toContain('X1');
  expect(text).toContain('uq_person_identifier__match_key_type');
  expect(text).toContain('23505');
});
