/** What relay-compiler compiles: a list to page through, a person to refetch, and a report of grants. */
import { graphql } from 'relay-runtime';

export const list = graphql`
  query caseloadQuery($filter: RecipientFilter) {
    ...caseload_recipients @arguments(filter: $filter)
  }
`;

export const recipients = graphql`
  fragment caseload_recipients on Query
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 3 }
    after: { type: "String" }
    filter: { type: "RecipientFilter" }
  )
  @refetchable(queryName: "caseloadPageQuery") {
    recipients(first: $first, after: $after, filter: $filter) @connection(key: "caseload_recipients") {
      edges {
        node {
          id
          programme
          person {
            ...caseload_person
          }
        }
      }
    }
  }
`;

export const person = graphql`
  fragment caseload_person on Person @refetchable(queryName: "caseloadPersonQuery") {
    name
    birthDate
  }
`;

export const ethnicity = graphql`
  query caseloadEthnicityQuery($id: ID!) {
    person(id: $id) {
      name
      ethnicity
    }
  }
`;

export const report = graphql`
  mutation caseloadReportMutation($input: ReportAidInput!) {
    reportAid(input: $input) {
      recorded
      rejected
      results {
        outcome
        code
      }
    }
  }
`;
