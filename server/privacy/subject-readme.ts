import type { Organization } from '../storage/organizations.ts';
import type { Processing } from './processing.ts';
import type { SubjectData } from './subject-data.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const asText = (text: unknown): string =>
  String(text ?? '').replace(/[&<>"]/g, (letter) => entities[letter] ?? letter);

const list = (lines: readonly string[]) =>
  `<ul>${lines.map((line) => `<li>${asText(line)}</li>`).join('')}</ul>`;

function table<R extends object>(rows: readonly R[], none: string): string {
  const [first] = rows;
  if (first === undefined) return `<p>${asText(none)}</p>`;
  const head = Object.keys(first)
    .map(
      (name) =>
        `<th scope="col">${asText(name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`))}</th>`,
    )
    .join('');
  const body = rows
    .map(
      (row) =>
        `<tr>${Object.values(row)
          .map(
            (value) =>
              `<td>${asText(
                typeof value === 'object' && value !== null
                  ? Object.entries(value)
                      .map((pair) => pair.join(': '))
                      .join('; ')
                  : value,
              )}</td>`,
          )
          .join('')}</tr>`,
    )
    .join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

/** The copy to read: one page, nothing fetched from anywhere, no script. */
export function readableCopy(
  organization: Pick<Organization, 'name' | 'contact'>,
  data: SubjectData,
  processing: Processing,
  at: Date,
): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>What ${asText(organization.name)} holds about you</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc;vertical-align:top;overflow-wrap:anywhere}</style>
</head><body><main>
<h1>What ${asText(organization.name)} holds about you in Muster</h1>
<p>Made for ${asText(data.person.name)} on ${asText(at.toISOString().slice(0, 10))}. All times are UTC. The same is beside this page as JSON and CSV; manifest.json has the SHA-256 of every file, manifest.jws is signed by the collector.</p>
<h2>You</h2>${table([data.person], '')}
<h2>Laptops</h2>${table(data.devices, 'No laptop is connected with you.')}
<h2>Results now</h2>${table(data.results, 'There are no results.')}
<h2>What changed</h2>${table(data.changes, 'Nothing changed.')}
<h2>What registers say about you</h2>${table(data.records, 'Nothing.')}
<h2>Statements you were asked for</h2>${table(data.attestations, 'None.')}
<h2>What you asked for</h2>${table(data.asked, 'Nothing.')}
<h2>Who was told which laptop is yours</h2>${table(data.reveals, 'Nobody.')}
<h2>Who looked at your laptop</h2>${table(data.looks, 'Nobody.')}
<h2>Why, on what ground, for whom</h2>${list(processing.purposes)}<p>${asText(processing.basis)}. ${asText(processing.interest)}.</p>${list(processing.recipients)}<p>${asText(processing.transfers)}</p>
<h2>How long</h2>${list(processing.retention)}
<h2>Where it comes from</h2><p>From the agent on your laptop, and from the company, which recorded that the laptop is yours.</p>
<h2>Your rights</h2>${list(processing.rights)}<p>${asText(processing.automated)} Ask ${asText(organization.contact)}.</p>
</main></body></html>
`;
}
