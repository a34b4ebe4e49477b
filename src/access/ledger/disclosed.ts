/**
 * Who was disclosed at which nodes, small enough to keep for years: each id once, ids with the same nodes side by side,
 * and a line that says how many share which nodes. `50:0,2 3:1` is: the first fifty ids at nodes 0 and 2, the next three
 * at node 1. The pairs (id, node) can be had back exactly.
 */
import type { Disclosed } from './entry.ts';

/** The two columns. */
export interface Packed {
  readonly ids: readonly string[];
  readonly nodes: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NODES = /^[1-9]\d*:\d+(,\d+)*( [1-9]\d*:\d+(,\d+)*)*$/;

/** Packs the pairs; undefined where there are none. Throws for what is no UUID and for a node outside 0 … nodes-1. */
export function packDisclosed(pairs: readonly Disclosed[], nodes: number): Packed | undefined {
  if (pairs.length === 0) return undefined;
  const nodesOf = new Map<string, Set<number>>();
  for (const { id, node } of pairs) {
    if (!Number.isInteger(node) || node < 0 || node >= nodes) {
      throw new RangeError(`Node ${node} of a disclosure is not one of the operation's ${nodes} nodes`);
    }
    const known = nodesOf.get(id);
    if (known) known.add(node);
    else nodesOf.set(checked(id), new Set([node]));
  }
  const groups = new Map<string, string[]>();
  for (const [id, at] of nodesOf) {
    const key = at.size === 1 ? String([...at][0]) : [...at].sort((a, b) => a - b).join(',');
    const group = groups.get(key);
    if (group) group.push(id);
    else groups.set(key, [id]);
  }
  return {
    ids: [...groups.values()].flat(),
    nodes: [...groups].map(([key, ids]) => `${ids.length}:${key}`).join(' '),
  };
}

/** The pairs of two columns. Throws where they do not fit each other. */
export function unpackDisclosed({ ids, nodes }: Packed): Disclosed[] {
  if (!NODES.test(nodes)) throw new Error('The line of nodes is malformed');
  const pairs: Disclosed[] = [];
  let next = 0;
  for (const group of nodes.split(' ')) {
    const [count = '', list = ''] = group.split(':');
    const at = list.split(',').map(Number);
    const end = next + Number(count);
    for (const id of ids.slice(next, end)) pairs.push(...at.map((node) => ({ id, node })));
    next = end;
  }
  if (next !== ids.length) throw new Error(`The line of nodes speaks of ${next} ids, there are ${ids.length}`);
  return pairs;
}

function checked(id: string): string {
  if (!UUID.test(id)) throw new TypeError('An id of a disclosure is not a UUID in lower case');
  return id;
}
