import { DEPARTMENTS } from '../access/index.ts';
import type { Department } from '../access/index.ts';

/** Whether the text is the code of a department. */
export const isDepartment = (text: string): text is Department => (DEPARTMENTS as readonly string[]).includes(text);
