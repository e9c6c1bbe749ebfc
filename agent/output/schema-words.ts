import { z } from 'zod';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly pattern?: string;
  readonly description?: string;
}

/** What a value can be, for a person: `scope (domain, private or public), state (on or off)`. */
export function schemaInWords(schema: z.ZodType): string {
  return words(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Schema);
}

function words(schema: Schema): string {
  if (schema.description !== undefined) return schema.description;
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return [...new Set(either.map(words))].join(' or ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(String).join(', ');
  switch (schema.type) {
    case 'object':
      return Object.entries(schema.properties ?? {})
        .map(([name, member]) => `${name} (${words(member)})`)
        .join(', ');
    case 'array':
      return typeof schema.items === 'object' ? `a list of: ${words(schema.items)}` : 'a list';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'nothing';
    case 'integer':
    case 'number':
      return `a number${schema.minimum === undefined ? '' : ` from ${schema.minimum}`}${schema.maximum === undefined ? '' : ` to ${schema.maximum}`}`;
    default:
      return schema.format === 'date'
        ? 'a day'
        : schema.pattern === undefined
          ? 'text'
          : `text like ${schema.pattern}`;
  }
}
