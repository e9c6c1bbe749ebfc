import type { OrganizationLink, Viewer } from '../model.ts';
import { type Section, type SectionId, sections } from '../sections.ts';

/** Where one is within an organization. */
export interface Place {
  readonly organization: OrganizationLink;
  readonly section: SectionId;
  /** The day that is looked back at: pages that can look back lead to that day too. */
  readonly asOf?: string | null;
}

/** The pages of one organization, as far as the viewer may open them. */
export function SectionBar({ place, viewer }: { place: Place; viewer: Viewer }) {
  const { organization, section, asOf = null } = place;
  return (
    <nav class="sections" aria-label={organization.name}>
      <ul>
        {(sections as readonly Section[])
          .filter(({ permission }) => viewer.may.includes(permission))
          .map(({ id, name, address }) => (
            <li key={id}>
              <a href={address(organization.id, asOf)} aria-current={id === section ? 'page' : undefined}>
                {name}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  );
}
