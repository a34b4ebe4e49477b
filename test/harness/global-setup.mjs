/** Jest loads this file as it is; what it calls is TypeScript. */
import { execFileSync } from 'node:child_process';
import '@swc-node/register/esm-register';

const { startTestServer } = await import('./test-server.ts');

export default async function setUp() {
  // Tests of the command line run the compiled program, as users do; a stale one would test yesterday's hub.
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  await startTestServer();
}
