/** A cursor of the hub: the last id as JSON in base64. */
export const cursor = (id: string): string => Buffer.from(JSON.stringify([id])).toString('base64');

/** The id in a cursor. */
export const idIn = (text: string): string =>
  String((JSON.parse(Buffer.from(text, 'base64').toString()) as unknown[])[0]);
