/** Bodies of the walk's two GraphQL requests, ready for `curl -d @file`. */

/** Who of these is 低保 or 特困: the documented operation schema/operations/check-status.graphql, a little shorter. */
const CHECK = `query CheckStatus($checks: [StatusCheckInput!]!) {
  checkStatus(checks: $checks) {
    result
    nameAgrees
    caseNo
    problem
    programmes { programme validFrom validTo }
    freshness { sourceSystem asOf stale }
  }
}`;

const HOUSEHOLDS = `query ThreeHouseholds($first: ID!, $second: ID!, $third: ID!) {
  first: household(id: $first) { ...Aid }
  second: household(id: $second) { ...Aid }
  third: household(id: $third) { ...Aid }
}

fragment Aid on Household {
  memberCount
  enrolments { programme status }
  aidGrants(first: 5) { nodes { department programme mode amount decidedOn paidOn state } }
}`;

/** A status check of rows of name, number and case number. */
export function checkRequest(rows: readonly (readonly string[])[]): string {
  const checks = rows.map(([name, idNumber, caseNo]) => ({ idNumber, name, caseNo }));
  return request(CHECK, { checks });
}

/** The aid on three households. */
export function householdsRequest(ids: readonly string[]): string {
  const [first, second, third] = ids;
  return request(HOUSEHOLDS, { first, second, third });
}

const request = (query: string, variables: object): string => `${JSON.stringify({ query, variables }, null, 2)}\n`;
