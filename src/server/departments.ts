/** The departments whose records this hub holds: a new one is its folder, its migration, and its line here. */
export { civilAffairs } from '../departments/civil-affairs/index.ts';
export { education } from '../departments/education/index.ts';
export { health } from '../departments/health/index.ts';
export { housing } from '../departments/housing/index.ts';
export { labour } from '../departments/labour/index.ts';
