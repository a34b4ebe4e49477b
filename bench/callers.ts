/** Who asks: clients of the benchmark, which no installation knows. */
import type { Caller } from '../src/access/index.ts';

/** Province of the civil affairs caller: half of the data set, so that its scope leaves something out. */
export const PROVINCE = '620000000000';
const BOTH = [PROVINCE, '360000000000'];

/** The callers of the operations. */
export const CALLERS = {
  /** Sees its province, at every level. */
  civil: {
    client: 'civil-affairs.bench',
    department: 'CIVIL_AFFAIRS',
    role: 'SYSTEM',
    regions: [PROVINCE],
    purposes: ['DYNAMIC_MONITORING'],
    tokenId: 'bench-civil',
  },
  /** Checks who is a recipient, and reports grants. */
  education: {
    client: 'education.bench',
    department: 'EDUCATION',
    role: 'SYSTEM',
    regions: BOTH,
    purposes: ['AID_ELIGIBILITY', 'AID_REPORTING'],
    tokenId: 'bench-education',
  },
  /** Sees its own caseload, birth dates masked, and the aid of its own department. */
  housing: {
    client: 'housing.bench',
    department: 'HOUSING',
    role: 'SYSTEM',
    regions: BOTH,
    purposes: ['AID_ELIGIBILITY'],
    tokenId: 'bench-housing',
  },
  /** Sees counts of its province, none of fewer than ten persons. */
  analyst: {
    client: 'analyst.bench',
    department: 'CIVIL_AFFAIRS',
    role: 'ANALYST',
    regions: [PROVINCE],
    purposes: ['STATISTICS'],
    tokenId: 'bench-analyst',
  },
} as const satisfies Record<string, Caller>;

/** Name of a caller. */
export type CallerName = keyof typeof CALLERS;
/** All of them. */
export const CALLER_NAMES = ['civil', 'education', 'housing', 'analyst'] as const satisfies readonly CallerName[];
