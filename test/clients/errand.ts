/** What every client sends along with its operations. */

/** Who asks, what for and in which case. */
export interface Errand {
  readonly token: string;
  /** One of the purposes in the token, e.g. AID_ELIGIBILITY. */
  readonly purpose: string;
  /** The number of a case of the asking department: 甘教助〔2026〕12号. */
  readonly caseNo: string;
  /** Denied fields become null, each with an error beside the data; without it they refuse the operation. */
  readonly onDenied?: 'null';
}

/** The headers of a request; header values are ASCII, so a case number goes percent-encoded. */
export const headersOf = ({ token, purpose, caseNo, onDenied }: Errand): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'hub-purpose': purpose,
  'hub-case': encodeURIComponent(caseNo),
  ...(onDenied === undefined ? {} : { 'hub-on-denied': onDenied }),
});
