import type { Severity } from '../../shared/check.ts';
import type { OrganizationLink, Viewer } from './model.ts';

export interface WebhookView {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly format: 'plain' | 'slack' | 'teams';
  readonly paused: boolean;
  /** What the receiver verifies the signature with. */
  readonly key: string;
}

export interface AlertRow {
  readonly id: string;
  /** What happened, in a sentence. */
  readonly title: string;
  readonly kind: string;
  readonly at: string;
  /** It still gathers what belongs to it, and has not gone out. */
  readonly gathering: boolean;
  readonly lines: readonly { readonly text: string; readonly path: string }[];
  readonly more: number;
}

export interface AlertsView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly alerts: readonly AlertRow[];
  readonly page: number;
  readonly pages: number;
  /** Is there a mail server? */
  readonly mail: boolean;
  readonly subscription: { readonly immediate: boolean; readonly digest: 'none' | 'daily' | 'weekly' };
  readonly settings: {
    readonly timeZone: string;
    readonly digestHour: number;
    readonly minSeverity: Severity;
  };
  readonly timeZones: readonly string[];
  readonly webhooks: readonly WebhookView[];
  /** What kept the last form from being taken, in words, and which form it was. */
  readonly problem: { readonly form: 'settings' | 'webhook'; readonly words: string } | null;
}
