/** Every address a page links to, in one place. */

import { type Platform, platforms } from '../../shared/answer.ts';
import { type CheckQuery, formatCheckQuery } from './check-query.ts';
import { type ChecksQuery, formatChecksQuery } from './checks-query.ts';
import { type DeviceQuery, type DeviceSort, deviceSorts, type ListedState, listedStates } from './model.ts';
import { formatWhatIfQuery, type WhatIfQuery } from './what-if-query.ts';

const segment = encodeURIComponent;

export const addresses = {
  today: '/',
  signIn: '/sign-in',
  /** Signing in, and then on to a path on this collector. */
  signInThen: (next: string) => `/sign-in?next=${segment(next)}`,
  signInByLink: '/sign-in/link',
  /** What a one-time link looks like, after the collector's own address. */
  signInLink: (code: string) => `/sign-in/link?code=${segment(code)}`,
  signInSecondFactor: '/sign-in/second-factor',
  passkeyOptions: '/sign-in/passkey/options',
  signInByPasskey: '/sign-in/passkey',
  singleSignOn: '/sign-in/single-sign-on',
  singleSignOnReturn: '/sign-in/single-sign-on/return',
  signOut: '/sign-out',
  account: '/account',
  accountName: '/account/name',
  password: '/account/password',
  /** Setting up an authenticator app. */
  secondFactor: '/account/second-factor',
  /** The same, and then on to a path on this collector. */
  secondFactorThen: (next: string) =>
    next === '/' ? '/account/second-factor' : `/account/second-factor?next=${segment(next)}`,
  removeSecondFactor: '/account/second-factor/remove',
  recoveryCodes: '/account/recovery-codes',
  newPasskeyOptions: '/account/passkeys/options',
  newPasskey: '/account/passkeys',
  removePasskey: (passkey: string) => `/account/passkeys/${segment(passkey)}/remove`,
  endSession: (session: string) => `/account/sessions/${segment(session)}/end`,
  endOtherSessions: '/account/sessions/end-others',
  newOrganization: '/organizations/new',
  organization: (organization: string, query?: Partial<DeviceQuery>) =>
    `/organizations/${segment(organization)}${query === undefined ? '' : formatDeviceQuery(query)}`,
  checks: (organization: string, query?: Partial<ChecksQuery>) =>
    `/organizations/${segment(organization)}/checks${query === undefined ? '' : formatChecksQuery(query)}`,
  check: (organization: string, check: string, query?: Partial<CheckQuery>) =>
    `/organizations/${segment(organization)}/checks/${segment(check)}${query === undefined ? '' : formatCheckQuery(query)}`,
  policy: (organization: string) => `/organizations/${segment(organization)}/policy`,
  policyVersion: (organization: string, version: number) =>
    `/organizations/${segment(organization)}/policy/versions/${version}`,
  policyFile: (organization: string, version: number) =>
    `/organizations/${segment(organization)}/policy/versions/${version}.yaml`,
  policyWithdraw: (organization: string, version: number) =>
    `/organizations/${segment(organization)}/policy/versions/${version}/withdraw`,
  policyAgain: (organization: string) => `/organizations/${segment(organization)}/policy/again`,
  policyDifference: (organization: string, versions?: { readonly from: number; readonly to: number }) =>
    `/organizations/${segment(organization)}/policy/compare${versions === undefined ? '' : `?from=${versions.from}&to=${versions.to}`}`,
  policyDraft: (organization: string) => `/organizations/${segment(organization)}/policy/draft`,
  policyDraftCheck: (organization: string, check: string) =>
    `/organizations/${segment(organization)}/policy/draft/checks/${segment(check)}`,
  policyDraftSchedule: (organization: string) =>
    `/organizations/${segment(organization)}/policy/draft/schedule`,
  policyDraftDiscard: (organization: string) =>
    `/organizations/${segment(organization)}/policy/draft/discard`,
  policyImport: (organization: string) => `/organizations/${segment(organization)}/policy/draft/import`,
  policyWhatIf: (organization: string, query?: Partial<WhatIfQuery>) =>
    `/organizations/${segment(organization)}/policy/draft/what-if${query === undefined ? '' : formatWhatIfQuery(query)}`,
  policyPublish: (organization: string) => `/organizations/${segment(organization)}/policy/draft/publish`,
  waivers: (organization: string, page = 1) =>
    `/organizations/${segment(organization)}/waivers${page === 1 ? '' : `?page=${page}#history`}`,
  /** Asking for one; about `firewall/enabled`, for the laptop of that pseudonym where one is named. */
  newWaiver: (organization: string, about?: string, label?: string) => {
    const given = { ...(about !== undefined && { about }), ...(label !== undefined && { laptop: label }) };
    const query = new URLSearchParams(given).toString();
    return `/organizations/${segment(organization)}/waivers/new${query === '' ? '' : `?${query}`}`;
  },
  waiver: (organization: string, waiver: string) =>
    `/organizations/${segment(organization)}/waivers/${segment(waiver)}`,
  decideWaiver: (
    organization: string,
    waiver: string,
    decision: 'approve' | 'refuse' | 'shorten' | 'withdraw',
  ) => `/organizations/${segment(organization)}/waivers/${segment(waiver)}/${decision}`,
  device: (organization: string, device: string, asOf: string | null = null) =>
    `/organizations/${segment(organization)}/devices/${segment(device)}${asOf === null ? '' : `?asOf=${segment(asOf)}`}`,
  /** Everything that changed on a device, below a number. */
  deviceHistory: (organization: string, device: string, below?: number) =>
    `/organizations/${segment(organization)}/devices/${segment(device)}/history${below === undefined ? '' : `?below=${below}`}`,
  deviceLeave: (organization: string, device: string) =>
    `/organizations/${segment(organization)}/devices/${segment(device)}/leave`,
  deviceOwner: (organization: string, device: string) =>
    `/organizations/${segment(organization)}/devices/${segment(device)}/owner`,
  deviceRetire: (organization: string, device: string) =>
    `/organizations/${segment(organization)}/devices/${segment(device)}/retire`,
  deviceFactSheet: (organization: string, device: string, asOf: string | null = null) =>
    `/organizations/${segment(organization)}/devices/${segment(device)}/fact-sheet${asOf === null ? '' : `?asOf=${segment(asOf)}`}`,
  deviceExport: (organization: string, device: string, exporter: string, asOf: string) =>
    `/organizations/${segment(organization)}/devices/${segment(device)}/exports/${segment(exporter)}?asOf=${segment(asOf)}`,
  reports: (organization: string) => `/organizations/${segment(organization)}/reports`,
  /** About a month (`2026-10`) or a quarter (`2026-Q3`). */
  report: (organization: string, period: string) =>
    `/organizations/${segment(organization)}/reports/${segment(period)}`,
  periodExport: (organization: string, period: string, exporter: string) =>
    `/organizations/${segment(organization)}/reports/${segment(period)}/${segment(exporter)}`,
  /** About the fleet as of a day, which the form adds. */
  momentExport: (organization: string, exporter: string) =>
    `/organizations/${segment(organization)}/exports/${segment(exporter)}`,
  history: (organization: string, days?: number) =>
    `/organizations/${segment(organization)}/history${days === undefined ? '' : `?days=${days}`}`,
  alerts: (organization: string, page = 1) =>
    `/organizations/${segment(organization)}/alerts${page === 1 ? '' : `?page=${page}`}`,
  alertSubscription: (organization: string) => `/organizations/${segment(organization)}/alerts/e-mails`,
  alertSettings: (organization: string) => `/organizations/${segment(organization)}/alerts/settings`,
  webhooks: (organization: string) => `/organizations/${segment(organization)}/alerts/webhooks`,
  webhook: (organization: string, webhook: string, step: 'test' | 'pause' | 'resume' | 'remove') =>
    `/organizations/${segment(organization)}/alerts/webhooks/${segment(webhook)}/${step}`,
  deliveries: (organization: string, page = 1) =>
    `/organizations/${segment(organization)}/alerts/deliveries${page === 1 ? '' : `?page=${page}`}`,
  signedReport: (organization: string, device: string, sequence: number) =>
    `/organizations/${segment(organization)}/devices/${segment(device)}/reports/${sequence}.jws`,
} as const;

/** Rows on one page of a list. */
export const pageSize = 50;

const everything: DeviceQuery = {
  search: '',
  state: null,
  platform: null,
  check: null,
  sort: 'state',
  descending: false,
  asOf: null,
  page: 1,
};

const oneOf = <T extends string>(values: readonly T[], value: unknown): T | null =>
  values.find((candidate) => candidate === value) ?? null;

/** Reads a query from an address. What nobody offers (a wrong state, page 0) is read as not asked. */
export function parseDeviceQuery(given: Readonly<Record<string, unknown>>): DeviceQuery {
  const text = (name: string, length: number) =>
    typeof given[name] === 'string' ? given[name].trim().slice(0, length) : '';
  const page = Number(text('page', 7));
  const sort = text('sort', 20);
  return {
    search: text('search', 80),
    state: oneOf<ListedState>(listedStates, given['state']),
    platform: oneOf<Platform>(platforms, given['platform']),
    check: /^[a-z][a-z0-9-]{0,39}$/.test(text('check', 41)) ? text('check', 41) : null,
    sort: oneOf<DeviceSort>(deviceSorts, sort.replace(/^-/, '')) ?? everything.sort,
    descending: sort.startsWith('-'),
    asOf: /^\d{4}-\d{2}-\d{2}$/.test(text('asOf', 11)) ? text('asOf', 11) : null,
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/** The query as an address says it, shortest form: what is as usual is left out. */
export function formatDeviceQuery(query: Partial<DeviceQuery>): string {
  const { search, state, platform, check, sort, descending, asOf, page } = { ...everything, ...query };
  const parameters = new URLSearchParams();
  if (search !== '') parameters.set('search', search);
  if (state !== null) parameters.set('state', state);
  if (platform !== null) parameters.set('platform', platform);
  if (check !== null) parameters.set('check', check);
  if (sort !== everything.sort || descending) parameters.set('sort', `${descending ? '-' : ''}${sort}`);
  if (asOf !== null) parameters.set('asOf', asOf);
  if (page !== 1) parameters.set('page', String(page));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
