/** Explanations of the policy in force. */
import type { Bound, SharingPolicy } from '../../access/index.ts';
import type { Graph } from '../../graph/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { explain } from './explain.ts';
import type { Explanation, Subject } from './explanation.ts';

/** Explains decisions. */
export interface Explainer {
  /**
   * Explains a coordinate to the caller, or to somebody else who is named in part or in whole.
   * @throws HubError BAD_USER_INPUT for a coordinate that names nothing
   */
  explain(caller: Bound, coordinate: string, about: Partial<Subject>): Explanation;
}

/** What an explainer works with. */
export interface ExplainerParts {
  readonly graph: Graph;
  /** The policy in force. */
  readonly policy: () => SharingPolicy;
  readonly clock: Clock;
}

/** Explanations by the policy in force. */
export function createExplainer({ graph, policy, clock }: ExplainerParts): Explainer {
  return {
    explain(caller, coordinate, about) {
      // Who asks about another role means whatever that role is for, not the purpose of this request.
      const isOwn = about.department === undefined && about.role === undefined;
      const { department = caller.department, role = caller.role } = about;
      const purpose = about.purpose ?? (isOwn ? caller.purpose : undefined);
      return explain({ graph, policy: policy(), today: clock.today() }, { department, role, purpose }, coordinate);
    },
  };
}
