import '@swc-node/register/esm-register';

const { stopTestServer } = await import('./test-server.ts');

export default stopTestServer;
