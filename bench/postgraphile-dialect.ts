/** The same questions in the schema that PostGraphile makes of the tables, aliased so that the answers have the hub's form. */
import { formatYuan } from '../src/platform/money.ts';
import { idIn } from './cursor.ts';
import type { Operation, Variables } from './operations.ts';

/** Body of a request to PostGraphile. */
export interface PostgraphileRequest {
  readonly operationName: string;
  readonly query: string;
  readonly variables: Variables;
}

/** Asked once, to see what PostGraphile's cursors begin with. */
export const CURSOR_QUESTION = '{ allRecipients(first: 1, orderBy: [PRIMARY_KEY_ASC]) { pageInfo { endCursor } } }';

/** What the cursors of a list in the order of its ids begin with, from the answer to that question. */
export function cursorTag(data: unknown): string {
  const { allRecipients } = data as { allRecipients: { pageInfo: { endCursor: string } } };
  return String((JSON.parse(Buffer.from(allRecipients.pageInfo.endCursor, 'base64').toString()) as unknown[])[0]);
}

const PAGE = `allRecipients(first: $first, after: $after, condition: $condition, orderBy: [PRIMARY_KEY_ASC])`;

const QUERIES: Readonly<Record<string, string>> = {
  CheckStatus: `
    query CheckStatus($idNumbers: [String!]!, $names: [String!]!, $caseNo: String!, $onDate: Date!) {
      checkStatus: checkStatusList(idNumbers: $idNumbers, names: $names, caseNo: $caseNo, onDate: $onDate) {
        result nameAgrees problem caseNo
        programmes { programme urbanRural validFrom validTo }
        freshness { sourceSystem asOf stale }
      }
    }`,
  Recipients: `
    query Recipients($first: Int!, $after: Cursor, $condition: RecipientCondition!, $today: String!) {
      recipients: ${PAGE} {
        nodes {
          id: rowId programme category validFrom validTo
          person: personByPersonId { id: rowId name birthDate }
          household: householdByHouseholdId {
            id: rowId memberCount
            members: membershipsByHouseholdIdList(
              first: 100, condition: { validOn: $today }, orderBy: [VALID_FROM_ASC, ROW_ID_ASC]
            ) { relation role person: personByPersonId { id: rowId name } }
            aidGrants: aidGrantsByHouseholdId(
              first: 10, condition: { held: true }, orderBy: [DECIDED_ON_DESC, ROW_ID_ASC]
            ) { nodes { department programme mode amountFen decidedOn state } }
          }
        }
        pageInfo { hasNextPage endCursor }
      }
    }`,
  RecipientIds: `
    query RecipientIds($first: Int!, $after: Cursor, $condition: RecipientCondition!) {
      recipients: ${PAGE} {
        nodes { id: rowId programme validFrom validTo }
        pageInfo { hasNextPage endCursor }
      }
    }`,
  RecipientStatistics: `
    query RecipientStatistics($condition: RecipientCondition!) {
      recipientStatistics: allRecipients(condition: $condition) {
        groupedAggregates(groupBy: [COUNTY_CODE, PROGRAMME]) {
          keys
          count { persons: rowId }
          distinctCount { households: householdId }
        }
      }
    }`,
  Person: `
    query Person($id: UUID!, $today: String!) {
      person: personByRowId(rowId: $id) {
        id: rowId name birthDate countyCode
        numbers: personIdentifiersByPersonIdList(
          first: 1, condition: { type: "RESIDENT_ID", supersededById: null }, orderBy: [VERIFIED_DESC, ROW_ID_ASC]
        ) { matchKey }
        recipientOf: recipientsByPersonIdList(
          first: 100, condition: { validOn: $today }, orderBy: [VALID_FROM_ASC, ROW_ID_ASC]
        ) {
          programme validFrom validTo
          enrolment: enrolmentByEnrolmentId {
            status amountFen
            events: enrolmentEventsByEnrolmentIdList(first: 100, orderBy: [EFFECTIVE_ON_ASC, ROW_ID_ASC]) {
              kind effectiveOn
            }
          }
        }
        studentRecords: studentRecordsByPersonIdList(first: 100, orderBy: [TERM_DESC, ROW_ID_ASC]) {
          stage grade boarding asOf
        }
        medicalSettlements: medicalSettlementsByPersonIdList(first: 100, orderBy: [ADMITTED_ON_DESC, ROW_ID_ASC]) {
          admittedOn totalFen selfFen
        }
        housingRecords: housingRecordsByPersonIdList(first: 100, orderBy: [ROW_ID_ASC]) { tenure dangerGrade }
        employmentRecords: employmentRecordsByPersonIdList(first: 100, orderBy: [REGISTERED_ON_DESC, ROW_ID_ASC]) {
          status registeredOn
        }
        aidGrants: aidGrantsByPersonId(first: 20, condition: { held: true }, orderBy: [DECIDED_ON_DESC, ROW_ID_ASC]) {
          nodes { department programme mode amountFen periodFrom decidedOn state }
        }
      }
    }`,
};

/** What a request needs to know beside the hub's variables. */
export interface Translating {
  /** 'YYYY-MM-DD' */
  readonly today: string;
  readonly tag: string;
  readonly caseNo: string;
}

/** The request for an operation with these variables of the hub. */
export function postgraphileRequest(
  { operationName }: Operation,
  variables: Variables,
  translating: Translating,
): PostgraphileRequest {
  const query = QUERIES[operationName];
  if (query === undefined) throw new Error(`PostGraphile is not asked for ${operationName}`);
  return { operationName, query: query.replace(/\s+/g, ' ').trim(), variables: translate(variables, translating) };
}

function translate(variables: Variables, { today, tag, caseNo }: Translating): Variables {
  const { checks, filter, first, after, id, region, onDate } = variables as {
    checks?: readonly { idNumber: string; name: string }[];
    filter?: { programme?: string; region?: string };
    first?: number;
    after?: string;
    id?: string;
    region?: string;
    onDate?: string;
  };
  if (checks !== undefined) {
    const [idNumbers, names] = [checks.map(({ idNumber }) => idNumber), checks.map(({ name }) => name)];
    return { idNumbers, names, caseNo, onDate: today };
  }
  if (id !== undefined) return { id, today };
  if (onDate !== undefined) return { condition: { validOn: onDate, provinceCode: region } };
  const level = filter?.region?.endsWith('0'.repeat(10)) ? 'provinceCode' : 'prefectureCode';
  return {
    first,
    after: Buffer.from(JSON.stringify([tag, idIn(after ?? '')])).toString('base64'),
    condition: {
      validOn: today,
      ...(filter?.programme === undefined ? {} : { programme: filter.programme }),
      ...(filter?.region === undefined ? {} : { [level]: filter.region }),
    },
    today,
  };
}

/** The data of an answer in the hub's form: money in yuan, instants in UTC, the number of a person. */
export function toHubForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toHubForm);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]): [string, unknown] => {
      if (key.endsWith('Fen')) return [key.slice(0, -3), one === null ? null : formatYuan(BigInt(String(one)))];
      if (key === 'asOf') return [key, new Date(String(one)).toISOString()];
      if (key === 'recipientStatistics') return [key, toCounts(one as GroupedAggregates)];
      if (key === 'numbers') return ['idNumber', (one as { matchKey: string }[])[0]?.matchKey ?? null];
      return [key, toHubForm(one)];
    }),
  );
}

/** Groups come in no order; counts are text, as they may be larger than a number. */
interface GroupedAggregates {
  readonly groupedAggregates: readonly {
    readonly keys: readonly [string, string];
    readonly count: { readonly persons: string };
    readonly distinctCount: { readonly households: string };
  }[];
}

const toCounts = ({ groupedAggregates }: GroupedAggregates): unknown =>
  groupedAggregates
    .map(({ keys: [countyCode, programme], count: { persons }, distinctCount: { households } }) => ({
      countyCode,
      programme,
      persons: Number(persons),
      households: Number(households),
    }))
    .toSorted((a, b) => (`${a.countyCode}${a.programme}` < `${b.countyCode}${b.programme}` ? -1 : 1));
