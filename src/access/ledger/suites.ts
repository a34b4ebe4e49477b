/**
 * The two ways in which a checkpoint is signed: Ed25519 (RFC 8032), and SM2 with SM3 (GM/T 0003.2, GB/T 32918.2) where
 * Chinese algorithms are asked for. Which one stands in each checkpoint, and verification knows both.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

/** Suites by the name that the setting HUB_LEDGER_SUITE and each checkpoint give them. */
export const SUITES = ['ED25519', 'SM3WITHSM2'] as const;
/** One of them. */
export type Suite = (typeof SUITES)[number];

/**
 * A key pair as bytes. ED25519: SPKI and PKCS #8 in DER. SM3WITHSM2: the point without compression (65 bytes, the first
 * is 4) and the number (32 bytes).
 */
export interface KeyPair {
  readonly suite: Suite;
  readonly publicKey: Buffer;
  readonly privateKey: Buffer;
}

interface Scheme {
  readonly make: () => Promise<Omit<KeyPair, 'suite'>>;
  /** 64 bytes. */
  readonly sign: (pair: KeyPair, message: Buffer) => Promise<Buffer>;
  /** False for a key or signature that is none as well. */
  readonly verify: (publicKey: Buffer, message: Buffer, signature: Buffer) => Promise<boolean>;
}

/** Makes a key pair. */
export async function makeKeyPair(suite: Suite): Promise<KeyPair> {
  return { suite, ...(await SCHEMES[suite].make()) };
}

/** Signs a message, 64 bytes. */
export const signWith = (pair: KeyPair, message: Buffer): Promise<Buffer> => SCHEMES[pair.suite].sign(pair, message);

/** Whether the signature is the key's over this message. False for what is no key or no signature. */
export const isSignedBy = (key: Omit<KeyPair, 'privateKey'>, message: Buffer, signature: Buffer): Promise<boolean> =>
  SCHEMES[key.suite].verify(key.publicKey, message, signature);

const generate = promisify(generateKeyPair);
// With a callback they work in a thread of their own, and requests do not wait for them.
const signAside = promisify(sign);
const verifyAside = promisify(verify);

const ed25519: Scheme = {
  make: async () => {
    const { publicKey, privateKey } = await generate('ed25519');
    return {
      publicKey: publicKey.export({ type: 'spki', format: 'der' }),
      privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }),
    };
  },
  sign: ({ privateKey }, message) =>
    signAside(null, message, createPrivateKey({ key: privateKey, type: 'pkcs8', format: 'der' })),
  verify: async (publicKey, message, signature) => {
    try {
      const key = createPublicKey({ key: publicKey, type: 'spki', format: 'der' });
      return key.asymmetricKeyType === 'ed25519' && (await verifyAside(null, message, key, signature));
    } catch {
      return false;
    }
  },
};

// Loaded where it is used: most installations never do. Node's OpenSSL cannot sign so that others accept it: it takes
// the user id to be empty. The library's is the usual one (1234567812345678), with which OpenSSL verifies as well.
const library = () => import('sm-crypto-v2');

const sm2: Scheme = {
  make: async () => {
    const { publicKey, privateKey } = (await library()).sm2.generateKeyPairHex();
    return { publicKey: Buffer.from(publicKey, 'hex'), privateKey: Buffer.from(privateKey, 'hex') };
  },
  sign: async ({ publicKey, privateKey }, message) => {
    const options = { hash: true, der: false, publicKey: publicKey.toString('hex') };
    return Buffer.from((await library()).sm2.doSignature(message, privateKey.toString('hex'), options), 'hex');
  },
  verify: async (publicKey, message, signature) => {
    if (publicKey.length !== 65 || signature.length !== 64) return false;
    try {
      const options = { hash: true, der: false };
      const { doVerifySignature } = (await library()).sm2;
      return doVerifySignature(message, signature.toString('hex'), publicKey.toString('hex'), options);
    } catch {
      return false;
    }
  },
};

const SCHEMES: Readonly<Record<Suite, Scheme>> = { ED25519: ed25519, SM3WITHSM2: sm2 };
