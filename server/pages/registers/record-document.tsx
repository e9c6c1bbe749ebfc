import { type Crumb, Crumbs, Layout } from '../components/layout.tsx';
import type { Place } from '../components/sections.tsx';
import { Moment } from '../components/time.tsx';
import type { Viewer } from '../model.ts';

export interface RecordDocumentView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly place: Place;
  readonly trail: readonly Crumb[];
  readonly title: string;
  /** What it is about: the number of a record, a company. */
  readonly reference: string;
  /** Where the same is as PDF. */
  readonly pdf: string;
  readonly parts: readonly {
    readonly heading: string;
    readonly text: string;
    readonly source?: string | undefined;
  }[];
}

/** A notice or letter made of a record; printed, it is the paper itself. */
export function RecordDocumentPage(view: RecordDocumentView) {
  const { viewer, now, place, trail, title, reference, pdf, parts } = view;
  const missing = parts.filter(({ text }) => text === '');
  return (
    <Layout title={`${title}, ${reference}`} viewer={viewer} place={place}>
      <Crumbs trail={trail} />
      <div class="heading">
        <div>
          <h1>{title}</h1>
          <p class="facts">
            <span>{reference}</span>
            <span>
              as of <Moment at={now} />
            </span>
          </p>
        </div>
        <p class="actions">
          <a class="button" href={pdf} download>
            Download as PDF
          </a>
        </p>
      </div>
      {missing.length > 0 && (
        <p class="card body not-printed">
          Not known yet: {missing.map(({ heading }) => heading.toLowerCase()).join(', ')}. The notice can go
          out without; say in it that the rest follows, and send that as soon as it is known.
        </p>
      )}
      <article class="card body paper">
        {parts.map(({ heading, text, source }) => (
          <section key={heading}>
            <h2>
              {heading} {source !== undefined && <span class="source">{source}</span>}
            </h2>
            <p class="as-written">{text === '' ? 'Not known yet; will follow.' : text}</p>
          </section>
        ))}
      </article>
    </Layout>
  );
}
