/** Ready operations of the GraphiQL page. A test holds them against the schema. */
export const examples = [
  {
    query: `# 1 救助身份核验：这些人中谁是低保或特困对象？
#   Who of these people is 低保 or 特困?
#   需要：用途 AID_ELIGIBILITY 和业务编号。Needs the purpose AID_ELIGIBILITY and a case.
#   把证件号码填入下方变量；先用示例 2 查几个。Fill ID numbers into the variables; example 2 finds some.
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
    query: `# 2 救助对象名单：本辖区当前享受低保的人员（民政令牌可见证件号码）
#   Who benefits from 低保 today in your regions (a token of civil affairs sees the ID numbers)
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
#   A household with its members, its enrolments and the aid that departments granted
#   id 取自示例 2 的 household。Take the id of a household from example 2.
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
    query: `# 4 回传救助结果：本部门给予了哪些救助（教育部门令牌，用途 AID_REPORTING）
#   Report the aid that your department granted (token of education, purpose AID_REPORTING)
#   dryRun 为 true 时只检查、不写入。With dryRun everything is checked and nothing is written.
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
