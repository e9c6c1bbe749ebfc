import fc from 'fast-check';
import { z } from 'zod';

interface Def {
  readonly type: string;
  readonly shape?: Record<string, z.ZodType>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly entries?: Record<string, string>;
  readonly values?: readonly unknown[];
}
const defOf = (schema: z.ZodType) => schema.def as unknown as Def;

/** Bounds and formats, as published: the schema's own JSON Schema. */
const boundsOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input' }) as {
    minimum?: number;
    maximum?: number;
    minLength?: number;
    maxLength?: number;
    minItems?: number;
    maxItems?: number;
    pattern?: string;
    format?: string;
  };

function textOf(schema: z.ZodType): fc.Arbitrary<string> {
  const { format, pattern, minLength = 0, maxLength = 40 } = boundsOf(schema);
  if (format === 'date') {
    return fc
      .date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
  }
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { size: 'xsmall' });
  return fc.string({ minLength, maxLength: Math.min(maxLength, 40) });
}

/** Arbitrary values that a schema of the catalogue accepts. Throws for a kind of schema it has not met. */
export function arbitraryOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const def = defOf(schema);
  switch (def.type) {
    case 'object': {
      const fields = Object.entries(def.shape ?? {});
      const optional = fields.filter(([, field]) => field.safeParse(undefined).success).map(([key]) => key);
      const required = fields.map(([key]) => key).filter((key) => !optional.includes(key));
      return fc.record(Object.fromEntries(fields.map(([key, field]) => [key, arbitraryOf(inner(field))])), {
        requiredKeys: required,
      });
    }
    case 'array': {
      const { minItems = 0, maxItems = 5 } = boundsOf(schema);
      return fc.array(arbitraryOf(def.element ?? z.never()), {
        minLength: minItems,
        maxLength: Math.min(maxItems, 5),
      });
    }
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries ?? {}));
    case 'literal':
      return fc.constantFrom(...(def.values ?? []));
    case 'boolean':
      return fc.boolean();
    case 'number': {
      const { minimum = -1_000_000, maximum = 1_000_000 } = boundsOf(schema);
      return fc.oneof(
        fc.integer({ min: minimum, max: maximum }),
        fc.integer({ min: minimum, max: Math.min(maximum, minimum + 100) }),
      );
    }
    case 'string':
      return textOf(schema);
    case 'union':
      return fc.oneof(...(def.options ?? []).map(arbitraryOf));
    case 'nullable':
      return fc.option(arbitraryOf(def.innerType ?? z.never()));
    case 'optional':
    case 'default':
      return arbitraryOf(inner(schema));
    default:
      throw new Error(`no arbitrary for ${def.type}`);
  }
}

/** The schema without "may be left out". */
function inner(schema: z.ZodType): z.ZodType {
  const def = defOf(schema);
  return (def.type === 'optional' || def.type === 'default') && def.innerType ? inner(def.innerType) : schema;
}

/** Every variant of a value in which one leaf that says `unknown` has been settled, to anything else its schema allows. */
export function settled(schema: z.ZodType, value: unknown): unknown[] {
  const def = defOf(schema);
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'nullable':
      return value == null || !def.innerType ? [] : settled(def.innerType, value);
    case 'union':
      return (def.options ?? [])
        .filter((option) => option.safeParse(value).success)
        .flatMap((option) => settled(option, value));
    case 'enum':
      return value === 'unknown'
        ? Object.values(def.entries ?? {}).filter((option) => option !== 'unknown')
        : [];
    case 'array':
      return (value as unknown[]).flatMap((item, index) =>
        settled(def.element ?? z.never(), item).map((other) => (value as unknown[]).with(index, other)),
      );
    case 'object': {
      const record = value as Record<string, unknown>;
      return Object.entries(def.shape ?? {}).flatMap(([key, field]) =>
        settled(field, record[key]).map((other) => ({ ...record, [key]: other })),
      );
    }
    default:
      return [];
  }
}
