/** Jest loads this file as it is; what it calls is TypeScript. */
import '@swc-node/register/esm-register';

const { startTestServer } = await import('./test-server.ts');

export default startTestServer;
