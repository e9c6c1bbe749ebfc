import packageJson from '../package.json' with { type: 'json' };

/** The collector's version, from the package it was built as. */
export const version: string = packageJson.version;
