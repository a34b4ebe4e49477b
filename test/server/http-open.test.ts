/** What is open without a token: the page, its files, health; and what is not. */
import { describe, expect, test } from '@jest/globals';
import { NUMBER, scriptedHub } from './scripted-hub.ts';

const hub = scriptedHub();

describe('what is open to anyone', () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(hub.url + path, { headers, redirect: 'manual' });

  test('is the page for browsers, from local files and under its own policy', async () => {
    const page = await get('/graphql', { accept: 'text/html,application/xhtml+xml' });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch('text/html');
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*(unsafe|http|\*)/);
    const html = await page.text();
    expect(html).not.toMatch(/https?:\/\//);
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      const file = await get(String(path));
      expect([path, file.status]).toEqual([path, 200]);
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
      await file.arrayBuffer();
    }
    expect((await get('/')).headers.get('location')).toBe('/graphql');
  });

  test('is no other file', async () => {
    for (const path of [
      '/graphiql/index.html',
      '/graphiql/../package.json',
      '/graphiql/%2e%2e%2fpackage.json',
      '/graphiql/..%2f..%2f..%2fpackage.json',
      '/graphiql/',
      '/package.json',
      '/graphiql/page.ts',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  test('is no operation in an address, where every proxy would log it', async () => {
    const refused = await get(`/graphql?query={check(checks:[{idNumber:"${NUMBER}"}])}`);
    expect(refused.status).toBe(405);
    expect(refused.headers.get('allow')).toBe('POST');
    expect(await refused.text()).not.toContain(NUMBER);
    expect(hub.asked).toEqual([]);
  });

  test('is whether the hub is alive and ready', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'alive' });
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ready', checks: {} });
  });

  test('is not its metrics, except on the machine itself', async () => {
    expect((await get('/metrics')).status).toBe(200);
    expect((await get('/metrics', { 'x-forwarded-for': '10.0.0.1' })).status).toBe(401);
    const authorization = `Bearer ${hub.token}`;
    expect((await get('/metrics', { 'x-forwarded-for': '10.0.0.1', authorization })).status).toBe(200);
  });
});
