import { createRequire } from 'node:module';

/** The agent's version, from the package it was built as. */
export const version: string = (createRequire(import.meta.url)('../package.json') as { version: string })
  .version;
