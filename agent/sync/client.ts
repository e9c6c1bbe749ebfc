import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import axios, { type AxiosResponse, isAxiosError } from 'axios';
import { z } from 'zod';
import { Problem, type ProblemType, problemTypes } from '../../shared/api.ts';
import { collectorProofHeader } from '../../shared/device-request.ts';
import { version } from '../version.ts';
import { CollectorAgent, loopbackAgent } from './connection.ts';
import { isLoopback } from './loopback.ts';

/**
 * Why the collector did not do what it was asked.
 * - unreachable: no answer at all; the network, a proxy, or the collector is down
 * - busy: it asks to come back later (429, 5xx)
 * - impostor: something else answered: another certificate, a redirect, a web page
 * - refused: the collector says no; `problem` says why
 */
type FailureKind = 'unreachable' | 'busy' | 'impostor' | 'refused';

/** A request that did not succeed. The message is for a person and never quotes what was sent or received. */
export class CollectorError extends Error {
  override readonly name = 'CollectorError';
  readonly kind: FailureKind;
  readonly status: number | undefined;
  readonly problem: ProblemType | undefined;
  /** The collector's own words on what to do, if it had any. */
  readonly detail: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** The collector's clock minus ours, from its Date header. */
  readonly clockOffsetMs: number | undefined;
  /** With `sequence-gap`: the number it would have taken. */
  readonly expectedSequence: number | undefined;

  constructor(
    kind: FailureKind,
    message: string,
    about: {
      status?: number | undefined;
      problem?: ProblemType | undefined;
      detail?: string | undefined;
      retryAfterSeconds?: number | undefined;
      clockOffsetMs?: number | undefined;
      expectedSequence?: number | undefined;
    } = {},
  ) {
    super(message);
    this.kind = kind;
    this.status = about.status;
    this.problem = about.problem;
    this.detail = about.detail;
    this.retryAfterSeconds = about.retryAfterSeconds;
    this.clockOffsetMs = about.clockOffsetMs;
    this.expectedSequence = about.expectedSequence;
  }
}

export interface CollectorRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the collector's address: `/api/v1/policy`. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  /** `Authorization: Bearer`; made from the path as it will stand in the request line. */
  readonly bearer?: (path: string) => string;
  readonly ifNoneMatch?: string | undefined;
}

export interface CollectorAnswer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly etag: string | undefined;
  /** What shows that the collector answers, and nobody else; not verified yet. */
  readonly proof: string | undefined;
  /** The collector's clock minus ours, from its Date header. */
  readonly clockOffsetMs: number | undefined;
}

/** The collector as the agent talks to it. */
export interface Collector {
  /** 2xx and 304 are answers, everything else throws CollectorError. Never follows a redirect. */
  request(request: CollectorRequest): Promise<CollectorAnswer>;
  /**
   * The bytes below the collector's address, as they come; more than `maxBytes`, or no end within half an hour, end it with an error.
   * Throws CollectorError.
   */
  download(path: string, maxBytes: number): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /** Closes what is still open. */
  close(): void;
}

const timeoutMs = 30_000;
/** A release over a slow line. */
const longestDownloadMs = 30 * 60_000;
/** A body that fits one packet gains nothing from gzip. */
const worthPacking = 1_200;
/** No answer of a collector is larger: the signed policy is the longest. */
const maxAnswerBytes = 4 * 1024 * 1024;

/**
 * The one door to the network: TLS to one host with one pinned certificate, plain HTTP only on this machine, no redirects,
 * bounded time and size. Throws CollectorError when the address is not allowed.
 */
export function openCollector(url: string, pin: string | null): Collector {
  const target = new URL(url);
  const plain = target.protocol === 'http:';
  if (plain && !isLoopback(target.hostname)) {
    throw new CollectorError(
      'impostor',
      `${target.host} would be reached without encryption; that is refused`,
    );
  }
  const agent = plain ? loopbackAgent() : new CollectorAgent(target, pin);
  const base = target.pathname.replace(/\/$/, '');
  return {
    async request({ method, path, body, contentType, bearer, ifNoneMatch }) {
      let response: AxiosResponse<string>;
      const packed = body !== undefined && body.length > worthPacking;
      try {
        response = await axios.request<string>({
          adapter: 'http',
          baseURL: target.origin,
          url: base + path,
          method,
          ...(body !== undefined && { data: packed ? gzipSync(body) : Buffer.from(body, 'utf8') }),
          headers: {
            accept: 'application/json, application/problem+json, application/jose',
            'user-agent': `muster-agent/${version}`,
            ...(body !== undefined && { 'content-type': contentType ?? 'application/json' }),
            ...(packed && { 'content-encoding': 'gzip' }),
            ...(bearer !== undefined && { authorization: `Bearer ${bearer(base + path)}` }),
            ...(ifNoneMatch !== undefined && { 'if-none-match': ifNoneMatch }),
          },
          ...(plain ? { httpAgent: agent } : { httpsAgent: agent }),
          // The tunnel of the connection takes care of proxies, so that none ever sees a request.
          proxy: false,
          maxRedirects: 0,
          maxContentLength: maxAnswerBytes,
          timeout: timeoutMs,
          signal: AbortSignal.timeout(timeoutMs + 5_000),
          responseType: 'text',
          transformResponse: [(data: string) => data],
          validateStatus: () => true,
        });
      } catch (error) {
        throw networkFailure(error, target);
      }
      if ((response.status >= 200 && response.status < 300) || response.status === 304) {
        return {
          status: response.status,
          body: response.data ?? '',
          contentType: String(response.headers['content-type'] ?? '').toLowerCase(),
          etag: headerOf(response, 'etag'),
          proof: headerOf(response, collectorProofHeader),
          clockOffsetMs: clockOffset(headerOf(response, 'date')),
        };
      }
      throw refusal(response, target);
    },
    async download(path, maxBytes) {
      let response: AxiosResponse<Readable>;
      try {
        response = await axios.request<Readable>({
          adapter: 'http',
          baseURL: target.origin,
          url: base + path,
          headers: { 'user-agent': `muster-agent/${version}` },
          ...(plain ? { httpAgent: agent } : { httpsAgent: agent }),
          proxy: false,
          maxRedirects: 0,
          maxContentLength: maxBytes,
          timeout: timeoutMs,
          signal: AbortSignal.timeout(longestDownloadMs),
          responseType: 'stream',
          decompress: false,
          validateStatus: () => true,
        });
      } catch (error) {
        throw networkFailure(error, target);
      }
      if (response.status === 200)
        return Readable.toWeb(response.data) as ReadableStream<Uint8Array<ArrayBuffer>>;
      // Read to its end, the connection is free for the next; endless, it is cut off with everything else.
      response.data.on('error', () => {}).resume();
      throw refusal({ ...response, data: '' }, target);
    },
    close() {
      agent.destroy();
    },
  };
}

function networkFailure(error: unknown, target: URL): CollectorError {
  const code = isAxiosError(error) ? (error.code ?? '') : ((error as NodeJS.ErrnoException).code ?? '');
  const cause = (error as { cause?: { code?: string } }).cause?.code ?? '';
  const host = target.host;
  if (code === 'WRONG_CERTIFICATE' || cause === 'WRONG_CERTIFICATE') {
    return new CollectorError(
      'impostor',
      `${host} shows another certificate than the one named by this machine’s enrollment token; nothing was sent. If the collector really has a new certificate, ask for a new token`,
    );
  }
  if (code === 'ERR_BAD_RESPONSE' && /maxContentLength/.test((error as Error).message)) {
    return new CollectorError(
      'impostor',
      `${host} is not trusted: its answer is larger than any collector gives`,
    );
  }
  const impostors: Record<string, string> = {
    DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is vouched for by nobody',
    SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is vouched for by nobody known here',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is vouched for by nobody known here',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is vouched for by nobody known here',
    ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
    CERT_HAS_EXPIRED: 'its certificate has expired',
    ERR_FR_TOO_MANY_REDIRECTS: 'it sends us elsewhere',
  };
  const impostor = impostors[code] ?? impostors[cause];
  if (impostor !== undefined) {
    return new CollectorError('impostor', `${host} is not trusted: ${impostor}; nothing was sent`);
  }
  const words: Record<string, string> = {
    ENOTFOUND: 'no such host; is this machine online?',
    EAI_AGAIN: 'the name could not be looked up; is this machine online?',
    ECONNREFUSED: 'nothing listens there',
    ECONNRESET: 'the connection was cut',
    // So axios calls an answer that broke off.
    ERR_BAD_RESPONSE: 'the connection was cut while it answered',
    EPIPE: 'the connection was cut',
    EHOSTUNREACH: 'no way there from this network',
    ENETUNREACH: 'this machine is offline',
    ETIMEDOUT: 'no answer in time',
    ECONNABORTED: 'no answer in time',
    ERR_CANCELED: 'no answer in time',
    PROXY_REFUSED: 'the proxy did not let us through',
    PROXY_UNREACHABLE: 'the proxy cannot be reached',
    EPROTO: 'it does not speak TLS',
    ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
    ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
  };
  const why = words[code] ?? words[cause] ?? 'the connection failed';
  return new CollectorError('unreachable', `${host} cannot be reached: ${why}`);
}

function refusal(response: AxiosResponse<string>, target: URL): CollectorError {
  const { status } = response;
  const about = {
    status,
    retryAfterSeconds: retryAfter(headerOf(response, 'retry-after')),
    clockOffsetMs: clockOffset(headerOf(response, 'date')),
  };
  const host = target.host;
  if (status >= 300 && status < 400) {
    return new CollectorError(
      'impostor',
      `${host} sends us elsewhere (status ${status}); that is not followed. A sign-in page of this network?`,
      about,
    );
  }
  const problem = problemOf(response);
  if (status === 429 || status >= 500) {
    return new CollectorError('busy', `${host} cannot answer now (status ${status})`, about);
  }
  if (problem === undefined) {
    return new CollectorError(
      'impostor',
      `${host} answers like something else than a collector (status ${status}); a proxy or a sign-in page of this network?`,
      about,
    );
  }
  const { type, detail, title, expectedSequence } = problem;
  return new CollectorError('refused', `${host} refuses: ${title}`, {
    ...about,
    problem: type,
    detail,
    expectedSequence,
  });
}

interface Refusal {
  readonly type: ProblemType | undefined;
  readonly title: string;
  readonly detail: string | undefined;
  readonly expectedSequence: number | undefined;
}

const DeviceProblem = Problem.extend({ expectedSequence: z.int().positive().optional() });

/** The problem of an answer; its type may be a bare name or the end of a URI. */
function problemOf(response: AxiosResponse<string>): Refusal | undefined {
  if (!/json/i.test(String(response.headers['content-type'] ?? ''))) return undefined;
  try {
    const problem = DeviceProblem.safeParse(JSON.parse(response.data));
    if (!problem.success) return undefined;
    const name = /[^/:#]*$/.exec(problem.data.type)?.[0] ?? '';
    return {
      type: Object.hasOwn(problemTypes, name) ? (name as ProblemType) : undefined,
      title: printable(problem.data.title),
      detail: problem.data.detail === undefined ? undefined : printable(problem.data.detail),
      expectedSequence: problem.data.expectedSequence,
    };
  } catch {
    return undefined;
  }
}

/** What another machine wants shown on a terminal: one line, no control characters. */
const printable = (text: string) => text.replace(/\p{C}+/gu, ' ').slice(0, 300);

function headerOf(response: AxiosResponse, name: string): string | undefined {
  const value: unknown = response.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Retry-After in seconds or as a date (RFC 9110 10.2.3), at most a day. */
function retryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 0), 86_400) : undefined;
}

function clockOffset(value: string | undefined): number | undefined {
  const at = value === undefined ? Number.NaN : Date.parse(value);
  return Number.isNaN(at) ? undefined : at - Date.now();
}
