/** Who a steward of data sharing (数据共享管理员) is to governance, and what for. */
import { recordedAct, requirePurpose } from '../access/index.ts';
import type { Act, ActMoment, ActParts, Bound } from '../access/index.ts';
import { operationDenied } from '../platform/errors.ts';

/** Throws OPERATION_DENIED for anybody but a steward. */
export function requireStewardRole({ role }: Bound, coordinate: string): void {
  if (role !== 'STEWARD') throw operationDenied(coordinate, 'it is for the stewards of data sharing', 'CIVIL_AFFAIRS');
}

/** Runs an act of a steward; throws what `requireSteward` throws, and as `recordedAct` does. */
export function stewardAct<T>(
  parts: ActParts,
  act: Omit<Act, 'admit'>,
  work: (moment: ActMoment) => Promise<T>,
): Promise<T> {
  return recordedAct(parts, { ...act, admit: requireSteward }, work);
}

/** Throws OPERATION_DENIED, PURPOSE_REQUIRED and PURPOSE_NOT_ALLOWED for anybody but a steward with the purpose GOVERNANCE. */
function requireSteward(caller: Bound, coordinate: string): void {
  requireStewardRole(caller, coordinate);
  requirePurpose(caller, 'GOVERNANCE');
}
