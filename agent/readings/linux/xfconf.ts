import { unparseable } from '../../probe.ts';

/** A property of an xfconf channel; `locked` where an administrator's file holds it. */
export interface XfconfProperty {
  readonly value: string;
  readonly locked: boolean;
}

export type XfconfChannel = ReadonlyMap<string, XfconfProperty>;

/** `xfconf-query -c CHANNEL -l -v`: `/saver/enabled   true`. Nothing printed = nothing set. */
export function parseXfconfQuery(stdout: string): XfconfChannel {
  const properties = new Map<string, XfconfProperty>();
  for (const line of stdout.split('\n')) {
    const match = /^(\/\S+)(?:\s+(.*\S))?\s*$/.exec(line);
    if (match?.[1] !== undefined) properties.set(match[1], { value: match[2] ?? '', locked: false });
    else if (line.trim() !== '') throw unparseable('xfconf-query');
  }
  return properties;
}

/**
 * A channel's XML file: nested `<property name="saver" type="empty"><property name="enabled" type="bool" value="true"/>`.
 * `locked="*"` (or a list of people) at the channel or a property holds it and what is below. Throws SourceError for text
 * that is no such channel.
 */
export function parseXfconfFile(text: string): XfconfChannel {
  const properties = new Map<string, XfconfProperty>();
  const open: { path: string; locked: boolean }[] = [];
  let channel = false;
  for (const [tag] of text.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<[^>]*>/g)) {
    const name = /^<\/?([A-Za-z][\w-]*)/.exec(tag)?.[1];
    if (name !== 'property' && name !== 'channel') continue;
    if (tag.startsWith('</')) {
      open.pop();
      continue;
    }
    const attributes = new Map(
      [...tag.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(
        (match) => [match[1] ?? '', match[2] ?? match[3] ?? ''] as const,
      ),
    );
    const above = open.at(-1);
    const locked = (above?.locked ?? false) || attributes.get('locked') === '*';
    if (name === 'channel') channel = true;
    else if (above === undefined) throw unparseable('an xfconf file');
    const path = name === 'channel' ? '' : `${above?.path ?? ''}/${attributes.get('name') ?? ''}`;
    const value = attributes.get('value');
    if (name === 'property' && value !== undefined) properties.set(path, { value, locked });
    if (!tag.endsWith('/>')) open.push({ path, locked });
  }
  if (!channel || open.length > 0) throw unparseable('an xfconf file');
  return properties;
}

/** The person's channel over the system's; what the system's file locks cannot be chosen. */
export function mergeXfconf(own: XfconfChannel, system: XfconfChannel): XfconfChannel {
  const held = [...system].filter(([, { locked }]) => locked);
  return new Map([...system, ...own, ...held]);
}
