/** Where things are. Paths hold from the sources and from their compiled form alike. */
import { join } from 'node:path';

/** Folder of the repository: the benchmark is started there. */
export const ROOT = process.cwd();
/** What is kept between runs and never committed. */
export const SCRATCH = join(ROOT, '.hub-bench');
/** The hub and the contestants as JavaScript, so that nobody is measured with a compiler in its process. */
export const BUILD = join(SCRATCH, 'build');
