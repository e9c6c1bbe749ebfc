import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** A setting that cannot be used; the message says which and what to write instead, never a secret. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

const Environment = z.object({
  DATABASE_URL: z
    .string()
    .regex(
      /^(sqlite:.|postgres(ql)?:\/\/)/,
      'must be sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME, for example sqlite:data/collector.db',
    )
    .optional(),
  MUSTER_DATA: z.string().min(1).default('data'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number('must be a number').int().min(0).max(65_535).default(8443),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://muster.example' })
    .optional(),
  TLS_CERT: z.string().min(1).optional(),
  TLS_KEY: z.string().min(1).optional(),
  OIDC_ISSUER: z.url({ protocol: /^https?$/, error: 'must be the URL of the identity provider' }).optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  TRUSTED_PROXIES: z.string().optional(),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be a URL such as smtp://user:password@mail.example:587' })
    .optional(),
  SMTP_FROM: z.email('must be an e-mail address').optional(),
  WEBHOOKS_PRIVATE: z.enum(['refuse', 'allow']).default('refuse'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

/** Every setting there is. */
export const settingNames: readonly string[] = Object.keys(Environment.shape);

/** Those that hold a secret: it may be in a file of its own, as container engines hand secrets over. */
const secrets = ['DATABASE_URL', 'SMTP_URL', 'OIDC_CLIENT_SECRET', 'METRICS_TOKEN'] as const;

/** Puts the content of the file that `NAME_FILE` names in the place of `NAME`. Throws ConfigurationError. */
function withSecretFiles(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const complete = { ...given };
  for (const name of secrets) {
    const path = given[`${name}_FILE`];
    if (path === undefined) continue;
    if (given[name] !== undefined) {
      throw new ConfigurationError(`${name} and ${name}_FILE say the same thing: set one of them`);
    }
    try {
      complete[name] = readFileSync(path, 'utf8').trim();
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      throw new ConfigurationError(`${name}_FILE: the file cannot be read (${code})`);
    }
  }
  return complete;
}

/** The collector's settings, all from the environment; `data/` of the current folder unless told otherwise. */
export interface Configuration {
  readonly databaseUrl: string;
  /** Folder with the collector's key, certificate and, by default, its database. */
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  /** How people and agents reach it. */
  readonly publicUrl: string;
  /** Certificate and key files; undefined where plain HTTP is spoken, which is allowed on loopback only. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** The certificate is our own: agents must be told which. */
  readonly selfSigned: boolean;
  /** The company's own identity provider (OpenID Connect); undefined where people sign in here only. */
  readonly singleSignOn:
    | { readonly issuer: string; readonly clientId: string; readonly clientSecret: string }
    | undefined;
  /** Whoever brings it may read the figures of operation; undefined where nobody may. */
  readonly metricsToken: string | undefined;
  /** Addresses and networks of the proxies in front, whose word on who asks is believed. */
  readonly trustedProxies: readonly string[];
  /** Where e-mail goes out, and from which address; undefined where none is sent. */
  readonly mail: { readonly url: string; readonly from: string } | undefined;
  /** Webhooks may go to this machine and to private networks. */
  readonly allowPrivateWebhooks: boolean;
  readonly logLevel: string;
}

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/;

/** Is this host only reachable from the machine itself? */
export const isLoopback = (host: string): boolean => loopback.test(host);

/** Reads the settings. Throws ConfigurationError that names the first one that cannot be used. */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(withSecretFiles(given));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigurationError(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { DATABASE_URL, MUSTER_DATA, HOST, PORT, PUBLIC_URL, TLS_CERT, TLS_KEY, LOG_LEVEL } = parsed.data;
  if ((TLS_CERT === undefined) !== (TLS_KEY === undefined)) {
    throw new ConfigurationError('TLS_CERT and TLS_KEY belong together: set both or neither');
  }
  const singleSignOn = readSingleSignOn(parsed.data);
  const dataFolder = resolve(MUSTER_DATA);
  const selfSigned = TLS_CERT === undefined && !isLoopback(HOST);
  const tls =
    TLS_CERT !== undefined && TLS_KEY !== undefined
      ? { cert: resolve(TLS_CERT), key: resolve(TLS_KEY) }
      : selfSigned
        ? { cert: join(dataFolder, 'tls-certificate.pem'), key: join(dataFolder, 'tls-key.pem') }
        : undefined;
  const publicHost =
    HOST === '0.0.0.0' || HOST === '::' ? 'localhost' : HOST.includes(':') ? `[${HOST}]` : HOST;
  const ownUrl = `${tls === undefined ? 'http' : 'https'}://${publicHost}:${PORT}`;
  const publicUrl = (PUBLIC_URL ?? ownUrl).replace(/\/+$/, '');
  return {
    databaseUrl: DATABASE_URL ?? `sqlite:${join(dataFolder, 'collector.db')}`,
    dataFolder,
    host: HOST,
    port: PORT,
    publicUrl,
    tls,
    selfSigned,
    singleSignOn,
    metricsToken: parsed.data.METRICS_TOKEN,
    trustedProxies: readProxies(parsed.data.TRUSTED_PROXIES),
    mail: readMail(parsed.data, publicUrl),
    allowPrivateWebhooks: parsed.data.WEBHOOKS_PRIVATE === 'allow',
    logLevel: LOG_LEVEL,
  };
}

/** Addresses and networks between commas: `127.0.0.1, 10.0.0.0/8`. */
function readProxies(text = ''): readonly string[] {
  const proxies = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  for (const proxy of proxies) {
    const [address = '', bits, more] = proxy.split('/');
    const longest = isIP(address) === 6 ? 128 : 32;
    const fits =
      bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= longest);
    if (isIP(address) === 0 || !fits || more !== undefined) {
      throw new ConfigurationError(
        'TRUSTED_PROXIES: must be addresses or networks between commas, for example 127.0.0.1,10.0.0.0/8',
      );
    }
  }
  return proxies;
}

/** E-mail comes from an address at the collector's own host, unless another one is named. */
function readMail(
  { SMTP_URL: url, SMTP_FROM: from }: z.infer<typeof Environment>,
  publicUrl: string,
): Configuration['mail'] {
  return url === undefined ? undefined : { url, from: from ?? `muster@${new URL(publicUrl).hostname}` };
}

/** All three or none; and never in the clear but on this very machine. */
function readSingleSignOn(given: z.infer<typeof Environment>): Configuration['singleSignOn'] {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = given;
  if (issuer === undefined && clientId === undefined && clientSecret === undefined) return undefined;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) {
    throw new ConfigurationError('OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together');
  }
  const { protocol, hostname } = new URL(issuer);
  if (protocol === 'http:' && !isLoopback(hostname)) {
    throw new ConfigurationError('OIDC_ISSUER: must begin with https');
  }
  return { issuer, clientId, clientSecret };
}
