/** Somebody with a browser that keeps cookies and fills in forms, without the browser. */
export class Visitor {
  readonly url: string;
  readonly cookies = new Map<string, string>();
  /** The secret of the session, out of the last page that had a form. */
  csrf = '';

  constructor(url: string) {
    this.url = url;
  }

  async get(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ response: Response; page: string }> {
    return this.take(
      await fetch(this.url + path, {
        redirect: 'manual',
        headers: { accept: 'text/html', ...headers, ...this.sent() },
      }),
    );
  }

  async submit(
    path: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<{ response: Response; page: string }> {
    return this.take(
      await fetch(this.url + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { accept: 'text/html', ...headers, ...this.sent() },
        body: new URLSearchParams({ csrf: this.csrf, ...fields }),
      }),
    );
  }

  private sent(): Record<string, string> {
    return { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  private async take(response: Response): Promise<{ response: Response; page: string }> {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const page = await response.text();
    this.csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? this.csrf;
    return { response, page };
  }
}

/** The value of a hidden field of a page. */
export const hiddenField = (page: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
