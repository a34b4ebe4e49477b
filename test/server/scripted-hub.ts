/** The stub hub of a test file: it notes what its engine is asked, and the engine answers as the test says. */
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { EngineRequest, EngineResult } from '../../src/access/index.ts';
import { toBytes } from '../../src/platform/bytes.ts';
import { stubHub } from './stub-hub.ts';
import type { StubHub } from './stub-hub.ts';

/** A hub whose tests write its answers. */
export interface ScriptedHub extends Pick<StubHub, 'url' | 'token' | 'send' | 'logged'> {
  /** What the engine was asked in this test. */
  readonly asked: readonly EngineRequest[];
  /** What it answers; from test to test that the check is ok. */
  answer: (request: EngineRequest) => EngineResult | Promise<EngineResult>;
}

/** An identity number, which no log and no answer may hold. */
export const NUMBER = '620199'.padEnd(18, '0');

/** An operation of the stub's schema. */
export const OPERATION = {
  query: 'query Q($c: [Check!]!) { check(checks: $c) }',
  variables: { c: [{ idNumber: NUMBER }] },
};

const ok = (): EngineResult => ({ text: toBytes('{"check":"ok"}') });

/** One for all tests of the file that calls it; it opens before the first and closes after the last. */
export function scriptedHub(): ScriptedHub {
  let open: StubHub | undefined;
  const asked: EngineRequest[] = [];
  const opened = (): StubHub => {
    if (open === undefined) throw new Error('The hub opens before the first test');
    return open;
  };
  const scripted: ScriptedHub = {
    get url() {
      return opened().url;
    },
    get token() {
      return opened().token;
    },
    send: (body, headers) => opened().send(body, headers),
    logged: () => opened().logged(),
    asked,
    answer: ok,
  };
  beforeAll(async () => {
    open = await stubHub((request) => {
      asked.push(request);
      return Promise.resolve(scripted.answer(request));
    });
  });
  afterAll(() => opened().close());
  beforeEach(() => {
    asked.length = 0;
    scripted.answer = ok;
  });
  return scripted;
}
