import type { OrganizationLink, Viewer } from '../model.ts';
import { type SectionId, sections } from '../sections.ts';

/** Where one is within an organization. */
export interface Place {
  readonly organization: OrganizationLink;
  readonly section: SectionId;
}

/** The pages of one organization, as far as the viewer may open them. */
export function SectionBar({ place, viewer }: { place: Place; viewer: Viewer }) {
  const { organization, section } = place;
  return (
    <nav class="sections" aria-label={organization.name}>
      <ul>
        {sections
          .filter(({ permission }) => viewer.may.includes(permission))
          .map(({ id, name, address }) => (
            <li key={id}>
              <a href={address(organization.id)} aria-current={id === section ? 'page' : undefined}>
                {name}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  );
}
