import type { Sheet, SheetSection, SheetTable } from '../../exports/sheet.ts';
import { Trend } from './trend.tsx';

function Table({ table: { columns, rows }, heading }: { table: SheetTable; heading: string }) {
  return (
    <section class="wide-table" aria-label={`${heading}, as a table`} tabindex={0}>
      <table class="stacks">
        <caption class="hidden-visually">{heading}</caption>
        <thead>
          <tr>
            {columns.map(({ title, number }) => (
              <th key={title} scope="col" class={number ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join('\n')}>
              {row.map((cell, index) => {
                const key = columns[index]?.title ?? String(index);
                return index === 0 ? (
                  <th key={key} scope="row" class="whole">
                    {cell}
                  </th>
                ) : (
                  <td
                    key={key}
                    class={columns[index]?.number ? 'number' : 'whole'}
                    data-label={`${columns[index]?.title ?? ''}:`}
                  >
                    {cell}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Part({ section, name, index }: { section: SheetSection; name: string; index: number }) {
  const id = `part-${index}`;
  return (
    <section class="card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{section.heading}</h2>
      </header>
      {section.text !== undefined && (
        <div class="body">
          {section.text.map((words) => (
            <p key={words}>{words}</p>
          ))}
        </div>
      )}
      {section.trend !== undefined && (
        <div class="body">
          <Trend name={name} trend={section.trend} />
        </div>
      )}
      {section.table !== undefined && <Table table={section.table} heading={section.heading} />}
    </section>
  );
}

/** What stands on paper, on the screen: the same words and numbers. */
export function SheetParts({ sheet }: { sheet: Sheet }) {
  return (
    <>
      <dl class="sheet-facts card">
        {sheet.facts.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {sheet.sections.map((section, index) => (
        <Part key={section.heading} section={section} name={sheet.organization} index={index} />
      ))}
    </>
  );
}
