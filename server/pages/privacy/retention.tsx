import { addresses } from '../addresses.ts';
import { Crumbs, Layout } from '../components/layout.tsx';
import { Moment } from '../components/time.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { registerAddresses } from '../registers/addresses.ts';
import { number } from '../words.ts';
import { privacyAddresses } from './addresses.ts';

export interface CertificateView {
  readonly id: string;
  readonly at: string;
  readonly backupsUntil: string;
  readonly erased: readonly { readonly what: string; readonly many: number }[];
}

export interface RetentionView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly schedule: readonly {
    readonly id: string;
    readonly title: string;
    readonly what: string;
    readonly kept: string;
    readonly reason: string;
    readonly source: string;
    readonly held: boolean;
    readonly deletedBy: 'collector' | 'operator';
  }[];
  readonly receipts: readonly {
    readonly title: string;
    readonly at: string;
    readonly deleted: number;
    readonly oldest: string;
  }[];
  readonly certificates: readonly CertificateView[];
}

function trail(organization: OrganizationLink) {
  return [
    { name: 'Today', address: addresses.today },
    { name: organization.name, address: addresses.organization(organization.id) },
    { name: 'Privacy', address: privacyAddresses.privacy(organization.id) },
  ];
}

/** What is kept for how long and why; and the proof that it was deleted. */
export function RetentionPage({ viewer, organization, schedule, receipts, certificates }: RetentionView) {
  return (
    <Layout
      title={`Retention at ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'privacy' }}
    >
      <Crumbs trail={trail(organization)} />
      <div class="heading">
        <div>
          <h1>Retention</h1>
          <p class="prose muted">
            Deleted every night by itself, unless a{' '}
            <a href={registerAddresses.register(organization.id, 'legal-holds')}>legal hold</a> keeps it. Look
            at this schedule once a year; put that into the{' '}
            <a href={registerAddresses.register(organization.id, 'reviews')}>review calendar</a>.
          </p>
        </div>
      </div>
      <section class="card" aria-labelledby="schedule">
        <header>
          <h2 id="schedule">Schedule</h2>
        </header>
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Kept</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {schedule.map((row) => (
              <tr key={row.id}>
                <th scope="row" class="whole">
                  {row.title}
                  <span class="under">{row.what}</span>
                </th>
                <td class="whole">
                  {row.kept}
                  {row.held && <span class="under">held now: nothing is deleted</span>}
                  {row.deletedBy === 'operator' && (
                    <span class="under">deleted by whoever runs the collector</span>
                  )}
                </td>
                <td class="whole">
                  {row.reason}
                  <span class="under">{row.source}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section class="card" aria-labelledby="receipts">
        <header>
          <h2 id="receipts">What was deleted</h2>
        </header>
        {receipts.length === 0 ? (
          <p class="calm">Nothing has been kept long enough to be deleted yet.</p>
        ) : (
          <table class="stacks">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col" class="number">
                  How many
                </th>
                <th scope="col">The oldest from</th>
              </tr>
            </thead>
            <tbody>
              {receipts.map((row) => (
                <tr key={`${row.at}${row.title}`}>
                  <td>
                    <Moment at={row.at} />
                  </td>
                  <td>{row.title}</td>
                  <td class="number">{number(row.deleted)}</td>
                  <td>
                    <Moment at={row.oldest} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <section class="card" aria-labelledby="erased">
        <header>
          <h2 id="erased">What was erased on request</h2>
        </header>
        {certificates.length === 0 ? (
          <p class="calm">Nobody’s data were erased on request.</p>
        ) : (
          <ul class="body document-list">
            {certificates.map(({ id, at }) => (
              <li key={id}>
                <a href={privacyAddresses.certificate(organization.id, id)}>
                  Certificate of <Moment at={at} />
                </a>
              </li>
            ))}
          </ul>
        )}
      </section>
    </Layout>
  );
}

/** Proof for the person that it was done; it names nobody. */
export function CertificatePage({
  viewer,
  organization,
  certificate,
  byHand,
}: {
  viewer: Viewer;
  organization: OrganizationLink;
  certificate: CertificateView;
  /** Records somebody has to look at, right after the erasure. */
  byHand: readonly string[];
}) {
  return (
    <Layout title="Certificate of erasure" viewer={viewer} place={{ organization, section: 'privacy' }}>
      <Crumbs
        trail={[
          ...trail(organization),
          { name: 'Retention', address: privacyAddresses.retention(organization.id) },
        ]}
      />
      <h1>Certificate of erasure</h1>
      {byHand.length > 0 && (
        <p class="card body not-printed">
          These records name the person where no name should be; look at them now: {byHand.join(', ')}.
        </p>
      )}
      <article class="card body paper">
        <section>
          <h2>Erased by</h2>
          <p>{organization.name}</p>
        </section>
        <section>
          <h2>On</h2>
          <p>
            <Moment at={certificate.at} />
          </p>
        </section>
        <section>
          <h2>What</h2>
          <ul>
            {certificate.erased.map(({ what, many }) => (
              <li key={what}>
                {what}: {number(many)}
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h2>What is left</h2>
          <p>Results of laptops without anybody they belong to; they are deleted when their time is over.</p>
          <p>
            Backups made before, which are sealed; the last of them has expired by{' '}
            <Moment at={certificate.backupsUntil} />. When one is restored before that, the erasure is done
            again.
          </p>
        </section>
        <section>
          <h2>Number</h2>
          <p class="as-written">{certificate.id}</p>
        </section>
      </article>
    </Layout>
  );
}
