/** Two self-signed certificates whose private keys nobody has: only their thumbprints matter here. */
import { createHash } from 'node:crypto';

const body = (lines: string): string => lines.replaceAll(/\s/g, '');

const EDUCATION = body(`
  MIIBijCCAS+gAwIBAgIUNp/pvIr37eO8HhMh9lGlvdEJCncwCgYIKoZIzj0EAwIwGTEXMBUGA1UEAwwOZWR1Y2F0aW9uLnRlc3Qw
  IBcNMjYxMTIyMTIzNzQwWhgPMjEyNjEwMjkxMjM3NDBaMBkxFzAVBgNVBAMMDmVkdWNhdGlvbi50ZXN0MFkwEwYHKoZIzj0CAQYI
  KoZIzj0DAQcDQgAEilLakns2acwM2SPIrGFi1ZJqBGHnZSSI9t7p9656lgj9sKuFe1UvcIg5jckzuTHQEmOkDSG0fAsr1j3V/6pr
  JKNTMFEwHQYDVR0OBBYEFFoWHEMRw9exmACrryBawwHNxW3gMB8GA1UdIwQYMBaAFFoWHEMRw9exmACrryBawwHNxW3gMA8GA1Ud
  EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAKDyD17LTg6cf+eVz40s4g5ZjILhHXV5AzANYWxY9s/NAiEA3n3ZJcrfsgti
  wt0M4wtbE6wMyOEnYPDp98CKR58DTKk=
`);

const STRANGER = body(`
  MIIBhjCCAS2gAwIBAgIUf8lNRp7DYRIij/v5rN9enMDZxgUwCgYIKoZIzj0EAwIwGDEWMBQGA1UEAwwNc3RyYW5nZXIudGVzdDAg
  Fw0yNjExMjIxMjM3NDBaGA8yMTI2MTAyOTEyMzc0MFowGDEWMBQGA1UEAwwNc3RyYW5nZXIudGVzdDBZMBMGByqGSM49AgEGCCqG
  SM49AwEHA0IABHBu6uxyfrG+LVeVM89WeXiMcg1Y9XUh0bgBWODAd+1zFUVWRmQ1lDWvsVDqEUQINUFRNLtQFo9E2GuXo/Wp9o+j
  UzBRMB0GA1UdDgQWBBQ2o9HJZZvJN+y04xrjkjPqEXUyEjAfBgNVHSMEGDAWgBQ2o9HJZZvJN+y04xrjkjPqEXUyEjAPBgNVHRMB
  Af8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIAToYJAYjDZytJAgTJ9joAhfVHxM8VUIhliLYW+U4n7hAiBefafhTEphxxofmCpF
  GpjsR6+SdnhRQNBRSCGFS9GxPw==
`);

/** A certificate in the forms in which proxies send it. */
export interface TestCertificate {
  readonly pem: string;
  /** RFC 9440. */
  readonly clientCert: string;
  readonly hex: string;
  /** `x5t#S256`. */
  readonly thumbprint: string;
}

function certificate(base64: string): TestCertificate {
  const digest = createHash('sha256').update(Buffer.from(base64, 'base64')).digest();
  return {
    pem: `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    clientCert: `:${base64}:`,
    hex: digest.toString('hex'),
    thumbprint: digest.toString('base64url'),
  };
}

export const certificates = { education: certificate(EDUCATION), stranger: certificate(STRANGER) } as const;
