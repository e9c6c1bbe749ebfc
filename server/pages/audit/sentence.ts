import { type ActionWords, auditActions } from '../../audit-actions.ts';

/** A piece of a sentence; what was acted on may lead somewhere. */
export interface SentencePart {
  readonly text: string;
  readonly address?: string | undefined;
}

/** What was acted on, as the sentence names it. */
export interface Named {
  readonly name: string;
  readonly address?: string | undefined;
}

/** The words of an action; undefined where this build no longer knows it. */
export function wordsOf(action: string): ActionWords | undefined {
  return Object.hasOwn(auditActions, action) ? auditActions[action as keyof typeof auditActions] : undefined;
}

/** What somebody did, as the rest of a sentence that begins with their name: `gave Sipho the role auditor`. Pure. */
export function sentenceOf(
  action: string,
  subject: Named | undefined,
  detail: Readonly<Record<string, unknown>>,
): { readonly parts: readonly SentencePart[]; readonly rest: readonly string[] } {
  const words = wordsOf(action)?.words;
  if (words === undefined) return { parts: [{ text: action }], rest: restOf(detail, []) };
  const used: string[] = [];
  const parts = words.split(/(\{[\w:-]+\})/).flatMap((piece): SentencePart[] => {
    const [name, one, many] = /^\{(.+)\}$/.exec(piece)?.[1]?.split(':') ?? [];
    if (name === undefined) return piece === '' ? [] : [{ text: piece }];
    if (name === 'subject') return [{ text: subject?.name ?? 'somebody', address: subject?.address }];
    used.push(name);
    const text = plain(name, detail[name]);
    return [{ text: one === undefined ? text : `${text} ${text === '1' ? one : many}` }];
  });
  return { parts, rest: restOf(detail, used) };
}

/** What details are called, where their own name says too little. */
const detailWords: Readonly<Record<string, string>> = {
  expiresAt: 'until',
  asOf: 'as of',
  personal: 'with what they say about people',
};

/** What the sentence leaves out: `until 2026-12-31`. A digest is for programs: it is in the CSV. */
function restOf(detail: Readonly<Record<string, unknown>>, used: readonly string[]): string[] {
  return Object.entries(detail)
    .filter(([name]) => name !== 'sha256')
    .filter(([name, value]) => !used.includes(name) && value !== null && value !== '' && value !== false)
    .map(([name, value]) => `${detailWords[name] ?? name}${value === true ? '' : ` ${plain(name, value)}`}`);
}

/** A moment to the minute; the way somebody came in without the hyphens it is stored with. */
function plain(name: string, value: unknown): string {
  if (value === undefined || value === null) return '–';
  const text = String(value);
  if (name === 'how') return text.replaceAll('-', ' ');
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) ? `${text.slice(0, 16).replace('T', ' ')} UTC` : text;
}
