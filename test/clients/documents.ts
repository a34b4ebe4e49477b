/** Operations that all clients send, and the shapes of their answers. */
import { readFileSync } from 'node:fs';

/** A list as every client pages through it: `edges` and `pageInfo`, the cursor as a variable. */
export const RECIPIENTS = `
  query Recipients($filter: RecipientFilter, $first: Int!, $after: String) {
    recipients(filter: $filter, first: $first, after: $after) {
      edges {
        cursor
        node {
          id
          programme
          person {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

/** A person whose ethnicity is no department's business but that of civil affairs. */
export const PERSON = `
  query Person($id: ID!) {
    person(id: $id) {
      id
      name
      ethnicity
    }
  }
`;

/** The mutation as schema/operations holds it. */
export const REPORT_AID = readFileSync('schema/operations/report-aid.graphql', 'utf8');

export interface Recipient {
  readonly id: string;
  readonly programme: string | null;
  readonly person: { readonly id: string; readonly name: string | null } | null;
}

export interface RecipientsAnswer {
  readonly recipients: {
    readonly edges: readonly { readonly cursor: string; readonly node: Recipient }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

export interface PersonAnswer {
  readonly person: { readonly id: string; readonly name: string | null; readonly ethnicity: string | null } | null;
}

export interface ReportAidAnswer {
  readonly reportAid: {
    readonly recorded: number;
    readonly rejected: number;
    readonly results: readonly { readonly outcome: string; readonly code: string | null }[];
  };
}
