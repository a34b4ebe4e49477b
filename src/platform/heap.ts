/**
 * How V8 grows the heap of a process that stays. Left to itself it spends memory to save a little CPU: the garbage of the
 * start widens the young generation for good, and the old one grows to four times what is alive before it is swept.
 * Both settings are read whenever V8 decides, so they take effect in a process that runs, however it was started: the same
 * flags given to node are replaced. Limits such as `--max-old-space-size` are not touched.
 */
import { setFlagsFromString } from 'node:v8';

/** Percent of what is alive by which the old generation grows before it is swept; V8 itself takes up to 300. */
const OLD_GROWTH = 60;

/** The start alone makes no large heap. To be called before the program is loaded. */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${OLD_GROWTH}`);
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** From now on the young generation grows with the load: most of what a request needs dies there, at no cost. */
export function growWithLoad(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
}
