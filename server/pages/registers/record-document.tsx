import { addresses } from '../addresses.ts';
import { Crumbs, Layout } from '../components/layout.tsx';
import { Moment } from '../components/time.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { registerAddresses } from './addresses.ts';
import type { RegisterLink } from './register.tsx';

export interface RecordDocumentView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  readonly register: RegisterLink;
  readonly record: { readonly id: string; readonly reference: string };
  readonly document: { readonly id: string; readonly title: string };
  readonly parts: readonly {
    readonly heading: string;
    readonly text: string;
    readonly source?: string | undefined;
  }[];
}

/** A notice or letter made of a record; printed, it is the paper itself. */
export function RecordDocumentPage(view: RecordDocumentView) {
  const { viewer, now, organization, register, record, document, parts } = view;
  const missing = parts.filter(({ text }) => text === '');
  return (
    <Layout
      title={`${document.title}, ${record.reference}`}
      viewer={viewer}
      place={{ organization, section: 'registers' }}
    >
      <Crumbs
        trail={[
          { name: 'Registers', address: registerAddresses.registers(organization.id) },
          { name: register.title, address: registerAddresses.register(organization.id, register.id) },
          {
            name: record.reference,
            address: registerAddresses.record(organization.id, register.id, record.id),
          },
          { name: organization.name, address: addresses.organization(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>{document.title}</h1>
          <p class="facts">
            <span>{record.reference}</span>
            <span>
              as of <Moment at={now} />
            </span>
          </p>
        </div>
        <p class="actions">
          <a
            class="button"
            href={`${registerAddresses.document(organization.id, register.id, record.id, document.id)}.pdf`}
            download
          >
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
