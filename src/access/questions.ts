/** The questions that a request asks about identity numbers, and what became of them. */
import type { Answer, Bindings, StatementPlan } from '../graph/index.ts';
import type { Found } from './enumeration.ts';

/** How many a request asks; none where its rows answer no questions. */
export function questionsOf({ nodes }: StatementPlan, bindings: Bindings): number {
  let count = 0;
  for (const { questions } of nodes)
    count += (questions?.keys.read(bindings) as readonly string[] | undefined)?.length ?? 0;
  return count;
}

/** What became of them. A malformed number is asked, and neither found nor missed. */
export function foundIn({ subjects }: Answer, asked: number): Found {
  let fruitless = 0;
  let nobody = 0;
  for (const { kind } of subjects) {
    if (kind === 'fruitless') fruitless += 1;
    else if (kind === 'miss') nobody += 1;
  }
  return { asked, fruitless, nobody };
}
