import type { ComponentChildren } from 'preact';
import { addresses } from '../addresses.ts';
import { assetAddresses } from '../assets.ts';
import type { Viewer } from '../model.ts';
import { Mark } from './icon.tsx';
import { type Place, SectionBar } from './sections.tsx';

/** The document around every page: head, styles, and nothing a strict content security policy would refuse. */
export function Document({
  title,
  live,
  passkeys,
  children,
}: {
  title: string;
  /** Lists that renew themselves while one types. */
  live?: boolean | undefined;
  /** Buttons that make or use a passkey. */
  passkeys?: boolean | undefined;
  children: ComponentChildren;
}) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · Muster`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href={assetAddresses.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={assetAddresses.styles} />
        <script src={assetAddresses.script} defer />
        {live && <script src={assetAddresses.htmx} defer />}
        {passkeys && <script src={assetAddresses.passkeys} defer />}
      </head>
      <body>{children}</body>
    </html>
  );
}

export interface Crumb {
  readonly name: string;
  readonly address: string;
}

/** Where one is, from the top down; the page itself is the heading below. */
export function Crumbs({ trail }: { trail: readonly Crumb[] }) {
  return (
    <nav class="crumbs" aria-label="Where you are">
      <ol>
        {trail.map(({ name, address }) => (
          <li key={address}>
            <a href={address}>{name}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** The frame of every page that someone signed in sees. */
export function Layout({
  title,
  viewer,
  current,
  place,
  live,
  passkeys,
  children,
}: {
  title: string;
  viewer: Viewer;
  current?: 'today' | 'account';
  /** The organization the page is about, and which of its pages this is. */
  place?: Place;
  live?: boolean;
  passkeys?: boolean;
  children: ComponentChildren;
}) {
  return (
    <Document title={title} live={live} passkeys={passkeys}>
      <a class="skip button quiet" href="#content">
        Skip to the content
      </a>
      <header class="bar">
        <div class="bar-inner">
          <a class="brand" href={addresses.today}>
            <Mark />
            Muster
          </a>
          <nav aria-label="Main">
            <ul>
              <li>
                <a href={addresses.today} aria-current={current === 'today' ? 'page' : undefined}>
                  Today
                </a>
              </li>
            </ul>
          </nav>
          <div class="who">
            <a
              href={addresses.account}
              aria-current={current === 'account' ? 'page' : undefined}
              aria-label={`${viewer.name}, your account`}
            >
              {viewer.name}
            </a>
            <form method="post" action={addresses.signOut}>
              <input type="hidden" name="csrf" value={viewer.csrf} />
              <button type="submit" class="button plain">
                Sign out
              </button>
            </form>
          </div>
        </div>
      </header>
      {viewer.sample === true && (
        <aside class="sample-data" aria-label="Sample data">
          <strong>Sample data.</strong> Made up for a demonstration: no laptop, person or company behind it is
          real.
        </aside>
      )}
      {place && <SectionBar place={place} viewer={viewer} />}
      <main class="page" id="content" tabindex={-1}>
        {children}
      </main>
    </Document>
  );
}

/** A page of its own for someone who is not signed in, or where something went wrong. */
export function Alone({
  title,
  wide,
  passkeys,
  children,
}: {
  title: string;
  wide?: boolean;
  passkeys?: boolean;
  children: ComponentChildren;
}) {
  return (
    <Document title={title} passkeys={passkeys}>
      <main class="page" id="content">
        <div class={wide ? 'alone wide' : 'alone'}>
          <div class="card">
            <div class="body">
              <a class="brand" href={addresses.today}>
                <Mark />
                Muster
              </a>
              {children}
            </div>
          </div>
        </div>
      </main>
    </Document>
  );
}
