/** Follows every link a person is shown. */

/** An address that was asked for, and what came back. */
export interface Visit {
  readonly address: string;
  readonly status: number;
  /** A page; anything else is a file. */
  readonly page: boolean;
  /** The page that led there. */
  readonly from: string;
}

/** Addresses of one kind: ids, numbers and values are left out. */
export function kindOf(address: string): string {
  const url = new URL(address, 'http://collector');
  const path = url.pathname
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}')
    .replaceAll(/\d{4}-(\d{2}|Q\d)/g, '{period}')
    .replace(/\/(checks|clauses)\/[^/]+/, '/$1/{$1}')
    .replaceAll(/\/\d+/g, '/{number}');
  return `${path}${url.searchParams.size === 0 ? '' : `?${[...url.searchParams.keys()].sort().join('&')}`}`;
}

const decoded = (text: string) =>
  text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");

/** Where a page leads by its links and by the forms that only ask. */
function leadsTo(page: string): string[] {
  const links = [...page.matchAll(/<a\b[^>]*?\shref="([^"]+)"/g)].map(([, href = '']) => decoded(href));
  const forms = [
    ...page.matchAll(/<form\b[^>]*method="get"[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/g),
  ].map(([, action = '', inside = '']) => {
    const fields = [...inside.matchAll(/<input\b[^>]*>/g)].flatMap(([input]): [string, string][] => {
      const name = / name="([^"]*)"/.exec(input)?.[1];
      return name === undefined ? [] : [[name, decoded(/ value="([^"]*)"/.exec(input)?.[1] ?? '')]];
    });
    for (const [, name = '', options = ''] of inside.matchAll(
      /<select\b[^>]* name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g,
    )) {
      const chosen =
        /<option value="([^"]*)"[^>]*selected/.exec(options) ?? /<option value="([^"]*)"/.exec(options);
      fields.push([name, decoded(chosen?.[1] ?? '')]);
    }
    return `${decoded(action).replace(/#.*/, '')}?${new URLSearchParams(fields)}`;
  });
  return [...links, ...forms];
}

/**
 * Asks for a page and for everything it leads to on the same collector, at most so many addresses of a kind. Redirections are
 * followed; nothing is sent.
 */
export async function crawl(
  origin: string,
  cookie: string,
  start: string,
  ofAKind: number,
): Promise<readonly Visit[]> {
  const visits: Visit[] = [];
  const known = new Set<string>();
  const kinds = new Map<string, number>();
  const waiting: { address: string; from: string }[] = [];
  const add = (href: string, from: string) => {
    const url = new URL(href, origin + from);
    if (url.origin !== origin) return;
    const address = url.pathname + url.search;
    const kind = kindOf(address);
    const seen = kinds.get(kind) ?? 0;
    if (known.has(address) || seen >= ofAKind) return;
    known.add(address);
    kinds.set(kind, seen + 1);
    waiting.push({ address, from });
  };
  add(start, '/');
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { address, from } = next;
    const response = await fetch(origin + address, { headers: { cookie, accept: 'text/html' } });
    const page = response.headers.get('content-type')?.startsWith('text/html') === true;
    visits.push({ address, status: response.status, page, from });
    const body = await response.text();
    if (page) for (const href of leadsTo(body)) add(href, address);
  }
  return visits;
}
