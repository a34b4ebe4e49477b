/**
 * The client certificate of a request. TLS ends in front of the hub, so it comes in a header of the proxy; from anybody
 * else that header is a forgery and refused.
 */
import { X509Certificate, createHash } from 'node:crypto';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { LRUCache } from 'lru-cache';
import { badRequest } from '../../platform/errors.ts';

/** Which header, and whose. */
export interface ProxySettings {
  /** Name of the header, e.g. `client-cert`; undefined: no proxy sends certificates. */
  readonly header: string | undefined;
  /** Addresses and networks (CIDR) of the proxies. */
  readonly proxies: readonly string[];
}

/** Reads the certificate of a request. */
export interface CertificateReader {
  /**
   * The thumbprint (SHA-256 of the DER form, base64url: `x5t#S256` of RFC 8705) of the certificate that the client of a
   * request showed to the proxy; undefined where it showed none. Throws BAD_REQUEST for a header that is not the proxy's
   * or holds no certificate.
   */
  thumbprintOf(
    headers: Readonly<Record<string, string | string[] | undefined>>,
    remoteAddress: string | undefined,
  ): string | undefined;
}

const MOST_REMEMBERED = 1_000;
const LONGEST_HEADER = 16_384;

/** A reader for one header. Without a header it finds nothing and refuses nothing. */
export function certificateReader({ header, proxies }: ProxySettings): CertificateReader {
  if (header === undefined) return { thumbprintOf: () => undefined };
  const name = header.toLowerCase();
  const trusted = blockListOf(proxies);
  const remembered = new LRUCache<string, string>({ max: MOST_REMEMBERED });
  return {
    thumbprintOf(headers, remoteAddress) {
      const sent = headers[name];
      if (sent === undefined) return undefined;
      if (!isIn(trusted, remoteAddress))
        throw badRequest(`The header "${header}" is set by the proxy in front of the hub alone; leave it out.`);
      // Some proxies send it empty where there is no certificate.
      if (sent === '') return undefined;
      if (typeof sent !== 'string' || sent.length > LONGEST_HEADER) throw unreadable(header);
      const known = remembered.get(sent);
      if (known !== undefined) return known;
      const thumbprint = readCertificate(sent);
      if (thumbprint === undefined) throw unreadable(header);
      remembered.set(sent, thumbprint);
      return thumbprint;
    },
  };
}

const unreadable = (header: string) =>
  badRequest(`The header "${header}" holds neither a certificate nor its SHA-256 thumbprint.`);

/** Whether the text can be a thumbprint as tokens hold it. */
export const isThumbprint = (text: string): boolean =>
  /^[\w-]{43}$/.test(text) && Buffer.from(text, 'base64url').toString('base64url') === text;

/**
 * The thumbprint of a certificate in any form in which proxies send one: RFC 9440 (`:base64 of DER:`), PEM, percent-encoded
 * or not, or the SHA-256 itself in hexadecimal or base64url. Undefined for anything else.
 */
export function readCertificate(text: string): string | undefined {
  const hex = text.replaceAll(':', '');
  if (/^[0-9a-f]{64}$/i.test(hex)) return Buffer.from(hex, 'hex').toString('base64url');
  if (isThumbprint(text)) return text;
  const [, der] = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(text) ?? [];
  try {
    const form = der === undefined ? pemOf(text) : Buffer.from(der, 'base64');
    return form === undefined
      ? undefined
      : createHash('sha256').update(new X509Certificate(form).raw).digest('base64url');
  } catch {
    return undefined;
  }
}

function pemOf(text: string): string | undefined {
  const pem = text.includes('%') ? decodeURIComponent(text) : text;
  // One certificate: of two nobody can tell which one was meant.
  return /^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/.test(pem) ? pem : undefined;
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function isIn(list: BlockList, address: string | undefined): boolean {
  if (address === undefined) return false;
  // A socket that takes both families writes IPv4 so.
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(plain) !== 0 && list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}
