/** Keys of the hub: made here and not in the database, so that a row's key is known before it is written. */
import { v7, validate, version } from 'uuid';

/** A new UUID of version 7 in lower case: its order is the order of making, up to the millisecond and beyond. */
export function newId(): string {
  return v7();
}

/** Whether the text is a UUID that this hub may have made (version 7, any case). */
export function isId(text: string): boolean {
  return validate(text) && version(text) === 7;
}
