/** Ready operations of the GraphiQL page. A test holds them against the schema. */
export const examples = [
  {
    query: `# 1 救助身份核验：谁是低保或特困对象？
#   Who of these people is 低保 or 特困?
#
#   用途 AID_ELIGIBILITY，填业务编号；证件号码填入下方变量，
#   演示数据中的号码见 .hub/demo/education-ten.csv
#   Purpose AID_ELIGIBILITY and a case above; ID numbers
#   below, e.g. from .hub/demo/education-ten.csv
query CheckStatus($checks: [StatusCheckInput!]!) {
  checkStatus(checks: $checks) {
    result
    nameAgrees
    caseNo
    problem
    programmes {
      programme
      urbanRural
      category
      validFrom
      validTo
    }
    freshness {
      sourceSystem
      asOf
      stale
    }
  }
}
`,
    variables: JSON.stringify({ checks: [{ idNumber: '证件号码 · ID number', name: '姓名 · name' }] }, null, 2),
  },
  {
    query: `# 2 救助对象名单：本辖区当前享受低保的人员
#   Who benefits from 低保 today in your regions
#
#   civil-affairs.demo 可见证件号码，用途 DYNAMIC_MONITORING
#   civil-affairs.demo sees the ID numbers
query Recipients($filter: RecipientFilter, $after: String) {
  recipients(filter: $filter, first: 10, after: $after) {
    edges {
      node {
        programme
        category
        validFrom
        validTo
        household {
          id
        }
        person {
          id
          name
          idNumber
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
    variables: JSON.stringify({ filter: { programme: 'DIBAO', region: '620000000000' } }, null, 2),
  },
  {
    query: `# 3 家庭：成员、救助待遇和各部门已给予的救助
#   A household: members, enrolments, aid granted
#
#   id 取自示例 2 的 household
#   Take the id of a household from example 2
query Household($id: ID!) {
  household(id: $id) {
    urbanRural
    memberCount
    members {
      relation
      person {
        name
        birthDate
      }
    }
    enrolments {
      programme
      amount
      status
      validFrom
      validTo
    }
    aidGrants(first: 10) {
      edges {
        node {
          department
          programme
          amount
          decidedOn
          state
        }
      }
    }
  }
}
`,
    variables: JSON.stringify({ id: '' }, null, 2),
  },
  {
    query: `# 4 回传救助结果：本部门给予了哪些救助
#   Report the aid that your department granted
#
#   用 education.demo 的令牌，用途 AID_REPORTING；
#   dryRun 为 true 时只检查、不写入
#   Token of education.demo, purpose AID_REPORTING;
#   dryRun checks everything and writes nothing
mutation ReportAid($input: ReportAidInput!) {
  reportAid(input: $input) {
    recorded
    unchanged
    superseded
    pending
    rejected
    results {
      index
      sourceKey
      outcome
      code
      field
      remedy
    }
  }
}
`,
    variables: JSON.stringify(
      {
        input: {
          dryRun: true,
          items: [
            {
              sourceKey: 'ED-2026-000001-1',
              idNumber: '证件号码 · ID number',
              name: '姓名 · name',
              programme: 'EDUCATION_AID',
              mode: 'CASH',
              amountYuan: '1500.00',
              periodFrom: '2026-09',
              periodTo: '2027-01',
              decidedOn: '2026-10-15',
            },
          ],
        },
      },
      null,
      2,
    ),
  },
];
