import { count } from '../../shared/words.ts';
import type { Alert } from '../storage/alerts.ts';
import { type AlertKind, alertKinds } from './source.ts';

/** Lines of an alert that a message shows; the rest is counted. */
export const linesShown = 10;

/** A message as every channel tells it: a subject, paragraphs and links. Pseudonyms and links only, nobody's name. */
export interface Message {
  readonly subject: string;
  /** Said once, above the rest. */
  readonly intro: string;
  readonly sections: readonly {
    readonly title: string;
    readonly lines: readonly { readonly text: string; readonly url: string }[];
    /** How many more there are; 0 where all are shown. */
    readonly more: number;
  }[];
  /** Where to look further. */
  readonly link: { readonly text: string; readonly url: string };
  /** Where to change what is sent; undefined where nobody chose to be sent it. */
  readonly settingsUrl?: string;
}

const kindOf = (kind: string) => alertKinds[kind as AlertKind] as (typeof alertKinds)[AlertKind] | undefined;

/** One event by its own words, several by how many they are. */
export function alertTitle({ kind, total, events }: Alert): string {
  const words = kindOf(kind);
  const [only] = events;
  if (total === 1 && only !== undefined) return only.line;
  return words?.many(total) ?? count(total, 'event');
}

const sectionOf = (alert: Alert, publicUrl: string): Message['sections'][number] => ({
  title: alert.total === 1 ? (kindOf(alert.kind)?.title ?? '') : alertTitle(alert),
  lines: alert.events.slice(0, linesShown).map(({ line, path }) => ({ text: line, url: publicUrl + path })),
  more: Math.max(0, alert.total - linesShown),
});

/** What goes out for one alert. */
export function alertMessage(
  alert: Alert,
  organization: { readonly name: string },
  urls: { readonly publicUrl: string; readonly alertsPath: string },
): Message {
  const url = urls.publicUrl + urls.alertsPath;
  return {
    subject: `${organization.name}: ${alertTitle(alert)}`,
    intro: '',
    sections: [sectionOf(alert, urls.publicUrl)],
    link: { text: 'All alerts', url },
    settingsUrl: `${url}#e-mails`,
  };
}

/** What an organization's digest tells. */
export interface DigestFacts {
  readonly organization: { readonly name: string };
  readonly counts: {
    readonly failing: number;
    readonly unknown: number;
    readonly silent: number;
    readonly compliant: number;
  };
  /** In the time it tells of, newest first. */
  readonly alerts: readonly Alert[];
  readonly waiversWaiting: number;
  readonly recordsOverdue: number;
  /** `daily` or `weekly`. */
  readonly rhythm: string;
}

/** A digest: where the laptops stand now, and what happened since the last one. */
export function digestMessage(
  facts: DigestFacts,
  urls: { readonly publicUrl: string; readonly alertsPath: string; readonly organizationPath: string },
): Message {
  const { organization, counts, alerts, waiversWaiting, recordsOverdue, rhythm } = facts;
  const url = urls.publicUrl + urls.alertsPath;
  const attention = counts.failing + counts.unknown + counts.silent;
  const stand = [
    `${counts.failing} failing`,
    `${counts.unknown} could not be told`,
    `${counts.silent} silent`,
    `${counts.compliant} compliant`,
  ].join(', ');
  const waiting =
    waiversWaiting === 0 ? '' : ` ${count(waiversWaiting, 'waiver waits', 'waivers wait')} for a decision.`;
  const overdue =
    recordsOverdue === 0 ? '' : ` ${count(recordsOverdue, 'record is', 'records are')} overdue.`;
  return {
    subject: `${organization.name}: ${attention === 0 ? 'all laptops in order' : `${count(attention, 'laptop')} to look at`} (${rhythm} digest)`,
    intro: `Laptops now: ${stand}.${waiting}${overdue}${alerts.length === 0 ? ' Nothing new happened.' : ''}`,
    sections: alerts.map((alert) => sectionOf(alert, urls.publicUrl)),
    link: { text: `Open ${organization.name}`, url: urls.publicUrl + urls.organizationPath },
    settingsUrl: `${url}#e-mails`,
  };
}

/** The message as plain text. */
export function asText({ intro, sections, link, settingsUrl }: Message): string {
  const blocks = sections.map(({ title, lines, more }) =>
    [
      title,
      ...lines.map(({ text, url }) => `- ${text}\n  ${url}`),
      ...(more > 0 ? [`and ${more} more`] : []),
    ].join('\n'),
  );
  const parts = [
    intro,
    ...blocks,
    `${link.text}: ${link.url}`,
    settingsUrl === undefined ? '' : `What you are sent: ${settingsUrl}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The message as HTML for mail programs, which know no style sheets. */
export function asHtml({ subject, intro, sections, link, settingsUrl }: Message): string {
  const blocks = sections.map(
    ({ title, lines, more }) =>
      `<h2 style="font-size:16px;margin:24px 0 8px">${escapeHtml(title)}</h2><ul style="margin:0;padding-left:20px">${lines
        .map(
          ({ text, url }) =>
            `<li style="margin:4px 0"><a href="${escapeHtml(url)}">${escapeHtml(text)}</a></li>`,
        )
        .join('')}</ul>${more > 0 ? `<p style="margin:8px 0">and ${more} more</p>` : ''}`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head><body style="font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;color:#17202b;max-width:640px;margin:0 auto;padding:16px"><h1 style="font-size:19px;margin:0 0 12px">${escapeHtml(subject)}</h1>${intro === '' ? '' : `<p>${escapeHtml(intro)}</p>`}${blocks.join('')}<p style="margin:24px 0 8px"><a href="${escapeHtml(link.url)}">${escapeHtml(link.text)}</a></p>${settingsUrl === undefined ? '' : `<p style="color:#566274;font-size:13px"><a href="${escapeHtml(settingsUrl)}">Change what you are sent</a></p>`}</body></html>\n`;
}

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
