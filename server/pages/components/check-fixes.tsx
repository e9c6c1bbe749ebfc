import { platforms } from '../../../shared/answer.ts';
import type { CheckPointView } from '../check-model.ts';
import { platformWords } from '../words.ts';
import { Command } from './command.tsx';

/** How each point of a check is put right, system by system. */
export function CheckFixes({ points }: { points: readonly CheckPointView[] }) {
  const systems = platforms
    .map((platform) => ({
      platform,
      fixes: points
        .map(({ point, title, remedies }) => ({ point, title, remedies: remedies[platform] }))
        .filter(({ remedies }) => remedies.length > 0),
    }))
    .filter(({ fixes }) => fixes.length > 0);
  if (systems.length === 0) return null;
  return (
    <section class="card" aria-labelledby="fixes">
      <header>
        <h2 id="fixes">How to fix it</h2>
        <span class="muted small">the person sees the same on the laptop: agent --check</span>
      </header>
      {systems.map(({ platform, fixes }) => (
        <details key={platform} class="more">
          <summary>{platformWords[platform]}</summary>
          <div class="fixes">
            {fixes.map(({ point, title, remedies }) => (
              <div key={point} class="stack">
                <h3>{title}</h3>
                {remedies.map(({ where, remedy }) => (
                  <div key={where} class="fix">
                    {where !== '' && <p class="muted small">{where}</p>}
                    <p>{remedy.text}</p>
                    {remedy.command !== undefined && (
                      <Command
                        text={remedy.command}
                        label={`the command for ${title.toLowerCase()} on ${where || platformWords[platform]}`}
                      />
                    )}
                    {remedy.link !== undefined && (
                      <>
                        <p class="muted small">
                          This address, opened on the laptop itself, leads to the setting:
                        </p>
                        <Command
                          address
                          text={remedy.link}
                          label={`the settings address for ${title.toLowerCase()} on ${where || platformWords[platform]}`}
                        />
                      </>
                    )}
                  </div>
                ))}
              </div>
            ))}
          </div>
        </details>
      ))}
    </section>
  );
}
