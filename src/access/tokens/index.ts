export { findDemoKey, openDemoKey } from './demo-key.ts';
export type { DemoKey } from './demo-key.ts';
export { DEMO_KEY_PREFIX, KeyError, readPublicKeys } from './public-keys.ts';
export type { PublicKey, PublicKeys, TokenAlgorithm } from './public-keys.ts';
export { signDemoToken } from './sign.ts';
export type { TokenTerms } from './sign.ts';
export { CLOCK_TOLERANCE, openTokenVerifier } from './verify.ts';
export type { TokenRules, TokenVerifier } from './verify.ts';
