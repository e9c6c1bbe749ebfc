import { z } from 'zod';

/** The one form of every data file: on which day it was right, where that was read, and the entries. */
export const table = <E extends z.ZodType>(entry: E) =>
  z.strictObject({
    date: z.iso.date(),
    sources: z.array(z.string().max(200)).min(1).max(20),
    entries: z.array(entry).max(2_000),
  });
