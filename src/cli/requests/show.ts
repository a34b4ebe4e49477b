/** Requests as lines of text. */

type Told = Readonly<Record<string, unknown>>;

/** One line a request: number, who asks, state, and where each owner's answer stands. */
export function showList(requests: readonly Told[]): string {
  return requests
    .map((request) => {
      const answers = rowsOf(request, 'answers').map((answer) => `${text(answer['owner'])} ${termOf(answer)}`);
      return `${text(request['number'])}  ${text(request['department'])}/${text(request['role'])}  ${text(request['state'])}  ${answers.join('; ')}\n`;
    })
    .join('');
}

/** The whole of a request. */
export function showRequest(request: Told): string {
  const line = (chinese: string, name: string): string => `${chinese} ${name}: ${text(request[name])}`;
  const groups = rowsOf(request, 'groups').map((group) => {
    const granted = group['grantedAccess'] === null ? '' : ` → ${grant(group['grantedAccess'], group['grantedScope'])}`;
    return `  ${text(group['name'])} (${text(group['owner'])}): ${grant(group['access'], group['scope'])}${granted}`;
  });
  const answers = rowsOf(request, 'answers').map((answer) => {
    const said = [answer['reason'], answer['legalBasis']].filter((part) => part !== null).map(text);
    return `  ${text(answer['owner'])}: ${termOf(answer)}${said.length === 0 ? '' : ` — ${said.join('; ')}`}`;
  });
  return [
    line('编号', 'number'),
    line('状态', 'state'),
    `使用方 for: ${text(request['department'])}/${text(request['role'])}, ${text(request['requestedBy'])}, ${text(request['requestedAt'])}`,
    line('目的', 'purposes'),
    line('操作', 'operations'),
    line('范围', 'rowScopes'),
    line('依据', 'legalBasis'),
    line('场景', 'scenario'),
    line('方式', 'mode'),
    `期限 period: ${text(request['validFrom'])} – ${text(request['validUntil'])}`,
    '信息项 groups:',
    ...groups,
    '答复 answers:',
    ...answers,
    '',
  ].join('\n');
}

/** What an act came to. */
export function showReceipt(receipt: Told): string {
  const answers = rowsOf(receipt, 'answers').map(
    (answer) =>
      `  ${text(answer['owner'])} ${text(answer['state'])}, 截止 due ${text(answer['dueOn'] ?? '未知 unknown')} (${text(answer['termDays'])} 个工作日 working days)\n`,
  );
  const unchanged = receipt['unchanged'] === true ? ' 未变 unchanged' : '';
  const draft = receipt['draft'] === null ? '' : `变更草案 Draft of the change: ${text(receipt['draft'])}\n`;
  return `${text(receipt['number'])} ${text(receipt['state'])}${unchanged}\n${answers.join('')}${draft}`;
}

function termOf(answer: Told): string {
  const left = answer['workingDaysLeft'];
  const due = text(answer['dueOn'] ?? '未知 unknown');
  const isAwaited = answer['state'] === 'PENDING' || answer['state'] === 'OVERDUE';
  if (!isAwaited) return text(answer['state']);
  return `${text(answer['state'])}, 截止 due ${due}${left === null ? '' : ` (剩余工作日 left ${text(left)})`}`;
}

const grant = (access: unknown, scope: unknown): string =>
  scope === null ? text(access) : `${text(access)}:${text(scope)}`;

const rowsOf = (of: Told, name: string): readonly Told[] => (Array.isArray(of[name]) ? (of[name] as Told[]) : []);

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(', ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
