/** Who a registrar of civil affairs (数据管理员) is to matching, and how a registrar gives a reason. */
import { requirePurpose } from '../access/index.ts';
import type { Bound } from '../access/index.ts';
import { badUserInput, operationDenied } from '../platform/errors.ts';

/**
 * Throws OPERATION_DENIED, PURPOSE_REQUIRED and PURPOSE_NOT_ALLOWED for anybody but a registrar of civil affairs with the purpose
 * DATA_QUALITY.
 */
export function requireRegistrar(caller: Bound, coordinate: string): void {
  if (caller.role !== 'REGISTRAR' || caller.department !== 'CIVIL_AFFAIRS')
    throw operationDenied(coordinate, 'it is for the registrars of civil affairs', 'CIVIL_AFFAIRS');
  requirePurpose(caller, 'DATA_QUALITY');
}

const LONGEST = 500;
/** A run of digits as long as an identity number: reasons are read by many, and name nobody by number. */
const NUMBERED = /\d{15}/;

/** The reason of an act as it is kept. Throws BAD_USER_INPUT. */
export function checkedReason(reason: string): string {
  const text = reason.trim().normalize('NFC');
  if ([...text].length < 2 || [...text].length > LONGEST || NUMBERED.test(text))
    throw badUserInput(
      `请写明理由（2至${LONGEST}字，不写证件号码） reason: say why, in 2 to ${LONGEST} characters, without identity numbers`,
    );
  return text;
}
