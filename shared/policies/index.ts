import { basePolicy, type Policy, policyFrom } from '../policy.ts';
import documents from './policies.json' with { type: 'json' };

/** A policy that comes with the build, ready to be named on a command line or picked in the editor. */
export interface Preset {
  readonly id: string;
  /** The company it was written for. */
  readonly name: string;
  readonly policy: Policy;
}

const written = new Map<string, { readonly name: string; readonly document: unknown }>(
  Object.entries(documents),
);

/** The document of a preset, for `extends`; undefined where there is none of that name. */
export const presetDocument = (id: string): unknown => written.get(id)?.document;

function preset(id: string, name: string, resolve: () => Policy): Preset {
  let policy: Policy | undefined;
  return {
    id,
    name,
    get policy() {
      policy ??= resolve();
      return policy;
    },
  };
}

/** Base first, then the companies; each is resolved when it is first asked for. */
export const presets: readonly Preset[] = [
  preset('base', 'Base', basePolicy),
  ...[...written].map(([id, { name, document }]) =>
    preset(id, name, () => policyFrom(document, presetDocument)),
  ),
];
