import { createTransport } from 'nodemailer';
import { isLoopback } from '../configuration.ts';
import { asHtml, asText, type Message } from './message.ts';

/** Where e-mail goes out. */
export interface MailSettings {
  /** `smtp://user:password@host:587` or `smtps://...`. */
  readonly url: string;
  /** Sender's address. */
  readonly from: string;
}

/** An e-mail could not be handed over. The message names no person and quotes nothing of what was sent. */
export class MailError extends Error {
  override readonly name = 'MailError';
  /** It will not go better the next time: the server refuses this recipient or this message. */
  readonly final: boolean;

  constructor(message: string, final: boolean) {
    super(message);
    this.final = final;
  }
}

export interface Mailer {
  /** Hands a message to the server. `id` makes the Message-ID, the same for every attempt. Throws MailError. */
  send(to: string, id: string, message: Message): Promise<void>;
  /** Asks the server whether it would take something from us. Throws MailError. */
  verify(): Promise<void>;
  close(): void;
}

const timeoutMs = 20_000;

/**
 * The one door for e-mail. Connections that do not speak TLS are upgraded where the server offers it; a password goes to no other
 * machine without.
 */
export function openMailer({ url, from }: MailSettings): Mailer {
  const { username, hostname } = new URL(url);
  const transport = createTransport({
    url,
    requireTLS: username !== '' && !isLoopback(hostname),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const host = from.split('@')[1]?.replace(/[^\w.-]/g, '') ?? 'localhost';
  return {
    async send(to, id, message) {
      try {
        await transport.sendMail({
          from: { name: 'Muster', address: from },
          to,
          subject: message.subject.replaceAll(/[\r\n]+/g, ' '),
          text: asText(message),
          html: asHtml(message),
          messageId: `<${id.replaceAll(/[^\w.-]/g, '-')}@${host}>`,
          headers: {
            ...(message.settingsUrl !== undefined && { 'List-Unsubscribe': `<${message.settingsUrl}>` }),
            'Auto-Submitted': 'auto-generated',
          },
        });
      } catch (error) {
        throw mailError(error);
      }
    },
    async verify() {
      try {
        await transport.verify();
      } catch (error) {
        throw mailError(error);
      }
    },
    close: () => transport.close(),
  };
}

function mailError(error: unknown): MailError {
  const { code = '', responseCode } = error as { code?: string; responseCode?: number };
  if (code === 'EAUTH') return new MailError('the mail server refuses our name or password', false);
  if (responseCode !== undefined && responseCode >= 500) {
    return new MailError(`the mail server refuses it (${responseCode})`, true);
  }
  if (responseCode !== undefined)
    return new MailError(`the mail server asks to wait (${responseCode})`, false);
  return new MailError(`the mail server cannot be reached${code === '' ? '' : ` (${code})`}`, false);
}
