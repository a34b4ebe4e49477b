/** What a plan may tell, selection by selection: the ledger puts it on record of whoever the rows are about. */
import type { PlanNode } from './statement-plan.ts';
import type { Questions } from './rows-plan.ts';

interface OpenNode {
  readonly noun: string;
  readonly coordinates: Set<string>;
  questions?: Questions | undefined;
}

/** The nodes of one plan under way; a statement names each by its number. */
export class PlanRecord {
  readonly #nodes: OpenNode[] = [];

  /** The number that the next node gets. */
  get next(): number {
    return this.#nodes.length;
  }

  /** A node for one more selection of a noun; its number. */
  open(noun: string): number {
    return this.#nodes.push({ noun, coordinates: new Set() }) - 1;
  }

  /** What an answer may disclose at a node; nothing is noted at one that is not open. */
  tell(node: number, ...coordinates: readonly string[]): void {
    for (const coordinate of coordinates) this.#nodes[node]?.coordinates.add(coordinate);
  }

  /** The questions that the rows of a node answer. */
  ask(node: number, questions: Questions | undefined): void {
    const open = this.#nodes[node];
    if (open !== undefined) open.questions = questions;
  }

  /** All nodes, by number. */
  toNodes(): readonly PlanNode[] {
    return this.#nodes.map((node) => ({ ...node, coordinates: [...node.coordinates] }));
  }
}
