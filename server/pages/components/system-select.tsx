import { type Platform, platforms } from '../../../shared/answer.ts';
import { platformWords } from '../words.ts';

/** Narrows a list of laptops to one system. */
export function SystemSelect({ chosen, all }: { chosen: Platform | null; all: string }) {
  return (
    <div>
      <label class="hidden-visually" for="platform">
        System
      </label>
      <select id="platform" name="platform">
        <option value="" selected={chosen === null}>
          {all}
        </option>
        {platforms.map((platform) => (
          <option key={platform} value={platform} selected={chosen === platform}>
            {platformWords[platform]}
          </option>
        ))}
      </select>
    </div>
  );
}
