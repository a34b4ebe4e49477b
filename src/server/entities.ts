/** Every table's class. */
export const entities: readonly (abstract new (...args: never[]) => object)[] = [];
