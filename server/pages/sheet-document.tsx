import type { Sheet } from '../exports/sheet.ts';
import { styles } from './assets.ts';
import { SheetParts } from './components/sheet.tsx';
import { renderPage } from './render.ts';

/** A sheet as one file that needs nothing beside it: its styles are in it, and nothing is fetched. */
function SheetDocument({ sheet }: { sheet: Sheet }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${sheet.title}, ${sheet.organization}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <style dangerouslySetInnerHTML={{ __html: styles }} />
      </head>
      <body>
        <main class="page">
          <div class="heading">
            <div>
              <h1>{sheet.title}</h1>
              <p class="facts">
                <span>{sheet.subtitle}</span>
              </p>
            </div>
          </div>
          <SheetParts sheet={sheet} />
        </main>
      </body>
    </html>
  );
}

/** The file as text. */
export const sheetHtml = (sheet: Sheet): string => renderPage(SheetDocument, { sheet });
