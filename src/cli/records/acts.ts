/** What is done with a delivery: each is one operation of the hub. */
import { z } from 'zod';
import { act } from '../governing.ts';
import type { Asking } from '../query/ask.ts';
import type { Delivery } from './delivery.ts';
import { findDelivery } from './hub.ts';

/** Has the hub find out what applying would do now. Throws RefusedError or UnreachableError, as the others do. */
export async function previewDelivery(asking: Asking, id: string): Promise<Delivery> {
  await run(asking, 'previewDelivery', id);
  return findDelivery(asking, id);
}

/** Has a delivery applied; `endAll` ends the missing of a snapshot beyond the sanity share too. */
export async function applyDelivery(asking: Asking, id: string, endAll: boolean): Promise<Delivery> {
  await act(asking, {
    name: 'applyDelivery',
    query: `mutation($id: ID!, $endAll: Boolean!) { applyDelivery(id: $id, endAll: $endAll) { id } }`,
    variables: { id, endAll },
    form: z.object({ id: z.string() }),
  });
  return findDelivery(asking, id);
}

/** Takes back a delivery that was not applied. */
export async function withdrawDelivery(asking: Asking, id: string): Promise<Delivery> {
  await run(asking, 'withdrawDelivery', id);
  return findDelivery(asking, id);
}

const run = (asking: Asking, name: string, id: string): Promise<unknown> =>
  act(asking, {
    name,
    query: `mutation($id: ID!) { ${name}(id: $id) { id } }`,
    variables: { id },
    form: z.object({ id: z.string() }),
  });
