import type { Field, Fields, Value, Values } from './field.ts';

/**
 * What a posted form says, as values. Nothing is judged here: what is not a number stays the text it was, so that the schema can refuse it
 * and the form can show it again.
 */
export function valuesFrom(fields: Fields, body: Readonly<Record<string, unknown>>): Values {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([id, field]) => {
      const value = valueFrom(field, body[id]);
      return value === undefined ? [] : [[id, value]];
    }),
  );
}

function valueFrom(field: Field, given: unknown): Value | undefined {
  const texts = (Array.isArray(given) ? given : [given]).filter((one) => typeof one === 'string');
  const text = (texts[0] ?? '').replaceAll('\r\n', '\n').trim();
  switch (field.kind) {
    case 'choices':
    case 'records': {
      const chosen = [...new Set(texts.filter((one) => one !== ''))];
      return chosen.length === 0 ? undefined : chosen;
    }
    case 'lines': {
      const lines = text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
      return lines.length === 0 ? undefined : lines;
    }
    case 'yes-no':
      return text === '' ? undefined : text === 'yes' ? true : text === 'no' ? false : text;
    case 'number':
      return text === '' ? undefined : /^-?\d+$/.test(text) ? Number(text) : text;
    case 'moment':
      return text === '' ? undefined : momentFrom(text);
    default:
      return text === '' ? undefined : text;
  }
}

/** `2026-11-21T10:00`, as browsers send a date and a time, taken as UTC. */
function momentFrom(text: string): string {
  const date = new Date(/[zZ]$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(date.getTime()) ? text : date.toISOString();
}

/** The fields a viewer sees; a part of the form whose first field is hidden keeps its heading. */
export function visibleFields(fields: Fields, hides: (field: Field, id: string) => boolean): Fields {
  const visible: Record<string, Field> = {};
  let section: string | undefined;
  for (const [id, field] of Object.entries(fields)) {
    section = field.section ?? section;
    if (hides(field, id)) continue;
    visible[id] = section === undefined ? field : { ...field, section };
    section = undefined;
  }
  return visible;
}
