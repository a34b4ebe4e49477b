import { derive } from '../graph/index.ts';
import type { Slot } from '../graph/index.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An id that a caller sent, as a UUID; null, which equals nobody, for what is none. */
export const personSlot = (given: Slot<string>): Slot<string | null> =>
  derive(given, 'person', 'uuid', (text) => (UUID.test(text) ? text.toLowerCase() : null));
