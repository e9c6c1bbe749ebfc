import packageJson from '../package.json' with { type: 'json' };

/** The agent's version, from the package it was built as. */
export const version: string = packageJson.version;
