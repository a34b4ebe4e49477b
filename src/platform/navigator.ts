/**
 * `navigator` of the web, which Node has from version 21 on. node-postgres asks it where it runs; without it, it makes a
 * `Response` to find out, for which Node loads its whole HTTP client, 6 MB that nobody uses.
 */
if (!('navigator' in globalThis)) {
  const [major = ''] = process.versions.node.split('.');
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent: `Node.js/${major}` }, configurable: true });
}
