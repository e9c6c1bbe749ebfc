import { createHmac, randomBytes } from 'node:crypto';
import { type LookupAddress, lookup as resolve } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { Message } from './message.ts';

export type WebhookFormat = 'plain' | 'slack' | 'teams';

/** A webhook did not take what it was sent. The message quotes nothing the other side said. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
}

/** Addresses nothing here may be sent to: this machine, the networks behind it, and those that are not for single hosts. */
const privateIpv4 = new BlockList();
/** Apart from the other: a rule on mapped addresses would hold for every IPv4 address too. */
const privateIpv6 = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  privateIpv4.addSubnet(net, bits, 'ipv4');
}
for (const [net, bits] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  privateIpv6.addSubnet(net, bits, 'ipv6');
}

/** May nothing be sent to this address, because it is not one of the public internet? */
export const isPrivateAddress = (address: string): boolean => {
  const family = isIP(address);
  if (family === 0) return true;
  return family === 6 ? privateIpv6.check(address, 'ipv6') : privateIpv4.check(address, 'ipv4');
};

/** A new key for signatures, as the standard writes it. */
export const newWebhookKey = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/**
 * Signature over id, time and body by the Standard Webhooks specification (https://www.standardwebhooks.com): the receiver knows who
 * sent it, that nothing was changed, and can refuse what is old or known.
 */
export function webhookSignature(key: string, id: string, seconds: number, body: string): string {
  const secret = Buffer.from(key.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')}`;
}

/** The body a receiver of that kind understands. */
export function webhookBody(format: WebhookFormat, type: string, at: Date, message: Message): string {
  const lines = message.sections.flatMap(({ title, lines, more }) => [
    { text: title, url: undefined },
    ...lines,
    ...(more > 0 ? [{ text: `and ${more} more`, url: undefined }] : []),
  ]);
  if (format === 'slack') {
    const words = (text: string) =>
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const text = [
      `*${words(message.subject)}*`,
      ...(message.intro === '' ? [] : [words(message.intro)]),
      ...lines.map(({ text, url }) => (url === undefined ? words(text) : `• <${url}|${words(text)}>`)),
      `<${message.link.url}|${words(message.link.text)}>`,
    ].join('\n');
    return JSON.stringify({ text });
  }
  if (format === 'teams') {
    const block = (text: string, more: object = {}) => ({ type: 'TextBlock', text, wrap: true, ...more });
    const words = (text: string) => text.replaceAll(/[[\]*_`\\]/g, String.raw`\$&`);
    const content = {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.4',
      body: [
        block(words(message.subject), { weight: 'Bolder', size: 'Medium' }),
        ...(message.intro === '' ? [] : [block(words(message.intro))]),
        ...lines.map(({ text, url }) => block(url === undefined ? words(text) : `[${words(text)}](${url})`)),
      ],
      actions: [{ type: 'Action.OpenUrl', title: message.link.text, url: message.link.url }],
    };
    return JSON.stringify({
      type: 'message',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
    });
  }
  const { subject, intro, sections, link } = message;
  return JSON.stringify({
    type,
    timestamp: at.toISOString(),
    data: { subject, ...(intro !== '' && { intro }), sections, link: link.url },
  });
}

const timeoutMs = 10_000;

/** What can be said of an address before it is used; undefined where it can be tried. */
export function webhookAddressProblem(address: string, allowPrivate: boolean): string | undefined {
  if (!URL.canParse(address)) return 'That is no address.';
  const { protocol, hostname, username, password } = new URL(address);
  if (protocol !== 'https:' && !(allowPrivate && protocol === 'http:')) {
    return 'The address has to begin with https://.';
  }
  if (username !== '' || password !== '') return 'The address must not hold a name or password.';
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && (host === 'localhost' || (isIP(host) !== 0 && isPrivateAddress(host)))) {
    return 'That address is on this machine or in a private network; nothing is sent there.';
  }
  return undefined;
}

/**
 * Posts a body, signed. Only what the name resolves to at that moment counts: an address that is private is refused before anything is
 * sent. No redirect is followed, nothing of the answer is read but its status. Throws WebhookError.
 */
export async function postWebhook(
  { address, key, allowPrivate }: { address: string; key: string; allowPrivate: boolean },
  { id, body, now }: { id: string; body: string; now: Date },
): Promise<void> {
  const problem = webhookAddressProblem(address, allowPrivate);
  if (problem !== undefined) throw new WebhookError(problem);
  const url = new URL(address);
  const seconds = Math.floor(now.getTime() / 1_000);
  const status = await new Promise<number>((done, failed) => {
    const asked = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      lookup: allowPrivate ? resolve : publicLookup,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'muster-collector',
        'webhook-id': id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': webhookSignature(key, id, seconds, body),
      },
    });
    asked.once('response', (response) => {
      response.destroy();
      done(response.statusCode ?? 0);
    });
    asked.once('error', failed);
    asked.end(body);
  }).catch((error: NodeJS.ErrnoException) => {
    throw new WebhookError(wordsOf(error));
  });
  if (status >= 300 && status < 400) throw new WebhookError(`it redirects (${status}); that is not followed`);
  if (status < 200 || status >= 300) throw new WebhookError(`it answered ${status}`);
}

function wordsOf({ code, name }: NodeJS.ErrnoException): string {
  if (code === 'PRIVATE_ADDRESS') return 'it is on this machine or in a private network; nothing was sent';
  if (name === 'AbortError' || name === 'TimeoutError' || code === 'ABORT_ERR') return 'no answer in time';
  return `it cannot be reached${code === undefined ? '' : ` (${code})`}`;
}

/** Looks a name up and lets no private address through, whatever the name said a moment ago. */
const publicLookup: LookupFunction = (host, options, callback) => {
  resolve(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, '');
    const refused = addresses.some(({ address }) => isPrivateAddress(address));
    const [first] = addresses;
    if (refused || first === undefined) {
      return callback(Object.assign(new Error('private address'), { code: 'PRIVATE_ADDRESS' }), '');
    }
    return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};
