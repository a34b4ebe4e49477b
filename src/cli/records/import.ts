/** One file from its sending to its result: each step finds what an earlier run left, by the file's digest. */
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Asking } from '../query/ask.ts';
import { RefusedError, UnreachableError } from '../query/ask.ts';
import { applyDelivery, previewDelivery } from './acts.ts';
import { isWaiting, refusedRows, showDelivery, stateOf } from './delivery.ts';
import type { Delivery } from './delivery.ts';
import { fetchFile, findDelivery, sendFile } from './hub.ts';
import type { Sending } from './hub.ts';
import { openProgress } from './progress.ts';

/** How a file is imported. */
export interface Import extends Omit<Sending, 'onSent'> {
  /** Nothing is previewed and nothing asked: it is applied at once. */
  readonly yes: boolean;
  /** Where the result file goes. */
  readonly resultPath: string;
  /** Ends the missing of a snapshot beyond the sanity share too. */
  readonly endAll: boolean;
}

/** Between two looks at a delivery, in ms: short at first, since small files are done at once. */
const FIRST_LOOK = 100;
const POLL = 1_000;
/** How often a file is sent again whose earlier sending was cut off. */
const MOST_SENDINGS = 3;

/** Sends the file and waits until it is staged. Throws RefusedError or UnreachableError. */
export async function stageFile(asking: Asking, sending: Omit<Sending, 'onSent'>): Promise<Delivery> {
  const { size } = await stat(sending.path);
  for (let sendings = 1; ; sendings += 1) {
    const progress = openProgress('发送 sending', size);
    const sent = await sendFile(asking, { ...sending, onSent: (bytes) => progress.update(bytes) }).finally(() => {
      progress.stop();
    });
    if (sent.known) say(`该文件此前已报送 This file was delivered before: ${sent.delivery.id}\n`);
    let { delivery } = sent;
    while (delivery.state === 'STAGING') {
      await sleep(POLL, undefined, { signal: asking.signal });
      delivery = await findDelivery(asking, delivery.id);
    }
    if (delivery.state !== 'ABANDONED') return delivery;
    if (sendings === MOST_SENDINGS) throw new UnreachableError('The hub gave the file up; try again later.');
  }
}

/** Sends, shows and asks (unless `yes`), applies, waits, and writes the result file; the delivery as it was left. */
export async function importFile(asking: Asking, options: Import): Promise<Delivery> {
  let delivery = await stageFile(asking, options);
  if (isWaiting(delivery)) {
    // Who has said yes waits for no answer, so the hub is not asked for one: it takes as long as applying.
    if (!options.yes) {
      process.stdout.write(showDelivery(await foresee(asking, delivery)));
      if (process.stdin.isTTY && !(await agreed(asking.signal))) {
        say(
          `未应用 Not applied. 继续 Go on: hub records apply ${delivery.id}；放弃 or drop it: hub records withdraw ${delivery.id}\n`,
        );
        return delivery;
      }
    }
    delivery = await applyDelivery(asking, delivery.id, options.endAll);
  }
  delivery = await follow(asking, delivery);
  await fetchFile(asking, `/deliveries/${delivery.id}/result.csv`, options.resultPath);
  process.stdout.write(showDelivery(delivery));
  say(`结果文件 Results: ${options.resultPath}\n`);
  return delivery;
}

/** Has a delivery previewed and waits for it; one that was applied already is told as it is. Throws RefusedError where it fails. */
export async function foresee(asking: Asking, waiting: Delivery): Promise<Delivery> {
  const begun = await previewDelivery(asking, waiting.id);
  const delivery = await whileIn('PREVIEWING', '预览 previewing', asking, begun);
  return delivery.state === 'STAGED' ? fail(delivery) : delivery;
}

/** Waits for the hub to apply a delivery and shows how far it is. Throws RefusedError where it fails. */
export async function follow(asking: Asking, from: Delivery): Promise<Delivery> {
  const delivery = await whileIn('APPLYING', '应用 applying', asking, from);
  return delivery.state === 'APPLIED' ? delivery : fail(delivery);
}

/** Shows how far the hub is for as long as a delivery is in that state; the delivery afterwards. */
async function whileIn(state: string, title: string, asking: Asking, from: Delivery): Promise<Delivery> {
  let delivery = from;
  const progress = openProgress(title, Math.max(1, delivery.counts.rows));
  try {
    for (let wait = FIRST_LOOK; delivery.state === state; wait = Math.min(2 * wait, POLL)) {
      await sleep(wait, undefined, { signal: asking.signal });
      delivery = await findDelivery(asking, delivery.id);
      progress.update(delivery.appliedThrough, `${String(refusedRows(delivery))} 拒收 rejected`);
    }
  } finally {
    progress.stop();
  }
  return delivery;
}

function fail(delivery: Delivery): never {
  throw new RefusedError(`${delivery.id}: ${stateOf(delivery)}${delivery.code === null ? '' : ` (${delivery.code})`}`);
}

async function agreed(signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question('应用以上变更吗? Apply these changes? (y/N) ', { signal });
    return /^(y|yes|是)$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

const say = (text: string): boolean => process.stderr.write(text);
