import { education } from '../departments/education/index.ts';
import { health } from '../departments/health/index.ts';
import { housing } from '../departments/housing/index.ts';
import { labour } from '../departments/labour/index.ts';

/** What a department brings along: the tables of its records, and the fields that it adds to the shared nouns. */
interface DepartmentModule {
  readonly entities: readonly (new () => object)[];
  readonly resolvers: readonly (new () => object)[];
}

/** The departments whose records this hub holds: a new one is its folder, its migration, and its name here. */
export const departments: readonly DepartmentModule[] = [education, health, housing, labour];
