/** The GraphiQL page: puts token, purpose and case on every request. All of it ends with the browser's tab. */
import { examples } from './examples.js';

const { document, fetch, sessionStorage, atob, TextDecoder, GraphiQL, React, ReactDOM } = globalThis;

const form = document.getElementById('caller');
const who = document.getElementById('who');
const fields = ['token', 'purpose', 'caseNo'];
const key = (name) => `hub:${name}`;

for (const name of fields) form.elements[name].value = sessionStorage.getItem(key(name)) ?? '';
form.elements.nullDenied.checked = sessionStorage.getItem(key('nullDenied')) === 'true';

const read = () => ({
  token: form.elements.token.value.trim(),
  purpose: form.elements.purpose.value,
  caseNo: form.elements.caseNo.value.trim(),
  nullDenied: form.elements.nullDenied.checked,
});

/** What the token says of its bearer, for display only: the hub verifies it, this page does not. */
function claimsOf(token) {
  try {
    const bytes = atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0))));
  } catch {
    return undefined;
  }
}

function show() {
  const { token } = read();
  const claims = claimsOf(token);
  const expired = claims !== undefined && claims.exp * 1000 < Date.now();
  who.className = token !== '' && (claims === undefined || expired) ? 'fault' : '';
  who.textContent =
    token === ''
      ? '请先粘贴令牌；演示令牌：npx hub token --client education.demo · Paste a token first'
      : claims === undefined
        ? '这不是有效的令牌 · This is not a token'
        : expired
          ? '令牌已过期，请换新令牌 · The token has expired'
          : `${claims.client} · ${claims.department} · ${claims.role} · 有效至 valid until ` +
            new Date(claims.exp * 1000).toLocaleString('zh-CN');
  for (const option of form.elements.purpose.options) {
    option.disabled = option.value !== '' && Array.isArray(claims?.purposes) && !claims.purposes.includes(option.value);
  }
}

async function send(params) {
  const { token, purpose, caseNo, nullDenied } = read();
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  if (token !== '') headers.authorization = `Bearer ${token}`;
  if (purpose !== '') headers['hub-purpose'] = purpose;
  if (caseNo !== '') headers['hub-case'] = encodeURIComponent(caseNo);
  if (nullDenied) headers['hub-on-denied'] = 'null';
  const response = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify(params) });
  return response.json();
}

const root = ReactDOM.createRoot(document.getElementById('graphiql'));
function render() {
  const { token } = read();
  root.render(
    React.createElement(GraphiQL, {
      // Another caller sees another schema: with a new function the page asks anew. Without a token it does not ask.
      fetcher: (params) => send(params),
      schema: token === '' ? null : undefined,
      defaultEditorToolsVisibility: 'variables',
      defaultTabs: examples,
      storage: sessionStorage,
      shouldPersistHeaders: false,
      isHeadersEditorEnabled: false,
    }),
  );
}

form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', () => {
  const now = read();
  for (const [name, value] of Object.entries(now)) sessionStorage.setItem(key(name), String(value));
  show();
});
form.elements.token.addEventListener('change', render);
show();
render();
