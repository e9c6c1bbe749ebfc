import { type Block, taggedPdf } from './tagged-pdf.ts';

/** A letter or notice: headings, each with its text. */
export interface Paper {
  readonly title: string;
  readonly organization: string;
  readonly reference: string;
  readonly at: Date;
  readonly parts: readonly {
    readonly heading: string;
    /** Empty where it is not known yet; the paper says so. */
    readonly text: string;
    readonly source?: string | undefined;
  }[];
}

/** The paper as an A4 document. */
export function paperPdf({ title, organization, reference, at, parts }: Paper): Promise<Buffer> {
  const made = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return taggedPdf({
    title,
    organization,
    reference: `${reference} · ${made}`,
    blocks: [
      { heading: title, level: 1 },
      { text: `${reference}, as of ${made}`, look: 'quiet' },
      ...parts.flatMap(({ heading, text, source }): Block[] => [
        { heading, level: 2, beside: source },
        ...(text === '' ? [unknown] : textBlocks(text)),
      ]),
    ],
  });
}

const unknown: Block = { text: 'Not known yet; will follow.', look: 'italic' };

/** Lines that begin with a bullet are a list, also to a screen reader. */
function textBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  for (const line of text.split('\n')) {
    const item = /^• (.*)$/.exec(line)?.[1];
    const last = blocks.at(-1);
    if (item === undefined) blocks.push({ text: line });
    else if (last !== undefined && 'list' in last) blocks[blocks.length - 1] = { list: [...last.list, item] };
    else blocks.push({ list: [item] });
  }
  return blocks;
}
