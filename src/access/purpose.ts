/** The headers that bind a request to a purpose and a case (社会救助法 art. 70(6): no query apart from an application). */
import { badRequest, caseRequired, purposeNotAllowed, purposeRequired } from '../platform/errors.ts';
import { PURPOSES } from './caller.ts';
import type { Bound, Caller, OnDenied, Purpose } from './caller.ts';

/** The request headers of the hub as they arrived; header values are ASCII. */
export interface HubHeaders {
  readonly 'hub-purpose'?: string | undefined;
  readonly 'hub-case'?: string | undefined;
  readonly 'hub-on-denied'?: string | undefined;
}

/** A caller whose request was checked to name its purpose and case. */
export type PurposeAndCase = Bound & { readonly purpose: Purpose; readonly caseNo: string };

// Letters of any script, digits, and what stands in Chinese document numbers: 甘教助〔2026〕12号.
const CASE_NUMBER = /^[\p{L}\p{N}][\p{L}\p{N}\-_./#()[\]〔〕\uFF08\uFF09]{0,63}$/u;

/** Whether the text can be a case number: at most 64 letters, digits and the signs of document numbers. */
export const isCaseNumber = (text: string): boolean => CASE_NUMBER.test(text);

/**
 * The caller with purpose and case from the headers `Hub-Purpose` and `Hub-Case`, where they were sent. Throws
 * BAD_REQUEST for a purpose that does not exist or a malformed case. A purpose outside the token is not bound; its refusal
 * waits in the result, so that it is recorded with the operation that it was meant for.
 */
export function bindCaller(caller: Caller, headers: HubHeaders): Bound {
  const purpose = readPurpose(headers['hub-purpose']);
  const caseNo = readCase(headers['hub-case']);
  return {
    ...caller,
    ...(purpose === undefined ? {} : bindPurpose(purpose, caller.purposes)),
    ...(caseNo === undefined ? {} : { caseNo }),
  };
}

/** What becomes of denied fields, from the header `Hub-On-Denied`; refused unless it says `null` (or `refuse`). */
export function readOnDenied(headers: HubHeaders): OnDenied {
  const sent = headers['hub-on-denied'];
  if (sent === undefined || sent === 'refuse') return 'refuse';
  if (sent === 'null') return 'null';
  throw badRequest('The header "Hub-On-Denied" must be null or refuse.', { header: 'Hub-On-Denied' });
}

/**
 * Every read of personal data passes here. Throws PURPOSE_NOT_ALLOWED for a purpose outside the token; PURPOSE_REQUIRED
 * and CASE_REQUIRED say how to send what is missing.
 */
export function requirePurposeAndCase(bound: Bound): PurposeAndCase {
  const { purpose, caseNo, refusal } = bound;
  if (refusal !== undefined) throw refusal;
  if (purpose === undefined) throw purposeRequired(bound.purposes);
  if (caseNo === undefined) throw caseRequired();
  return bound as PurposeAndCase;
}

/** What is for one purpose alone. Throws PURPOSE_REQUIRED, PURPOSE_NOT_ALLOWED. */
export function requirePurpose({ purpose, purposes }: Bound, needed: Purpose): void {
  if (purpose === undefined) throw purposeRequired(purposes);
  if (purpose !== needed) throw purposeNotAllowed(purpose, [needed]);
}

function readPurpose(sent: string | undefined): Purpose | undefined {
  if (sent === undefined) return undefined;
  const purpose = PURPOSES.find((known) => known === sent.trim());
  if (purpose === undefined) {
    throw badRequest(`The header "Hub-Purpose" must be one of ${PURPOSES.join(', ')}.`, { header: 'Hub-Purpose' });
  }
  return purpose;
}

const bindPurpose = (purpose: Purpose, allowed: readonly Purpose[]): Pick<Bound, 'purpose' | 'refusal'> =>
  allowed.includes(purpose) ? { purpose } : { refusal: purposeNotAllowed(purpose, allowed) };

/** A case number that is written as it is read: nothing to decode, nothing to normalise. */
const PLAIN_CASE = /^[A-Za-z0-9][A-Za-z0-9\-_./#()]{0,63}$/;

function readCase(sent: string | undefined): string | undefined {
  if (sent === undefined || PLAIN_CASE.test(sent)) return sent;
  const caseNo = decode(sent.trim())?.normalize('NFC');
  if (caseNo === undefined || !CASE_NUMBER.test(caseNo)) {
    throw badRequest(
      'The header "Hub-Case" must be a case number of at most 64 letters, digits and - _ . / # ( ) 〔 〕; ' +
        'send Chinese characters percent-encoded as UTF-8.',
      { header: 'Hub-Case' },
    );
  }
  return caseNo;
}

/** Percent-decoded UTF-8; undefined when a byte is not ASCII or the encoding is broken. */
function decode(text: string): string | undefined {
  if (!/^[\x20-\x7e]*$/.test(text)) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
