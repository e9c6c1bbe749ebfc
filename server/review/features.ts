import type { CollectorFeature } from '../../shared/collector-features.ts';
import { count, list } from '../../shared/words.ts';
import type { Measurements } from '../storage/measurements.ts';
import type { FeatureEvidence } from './clause-evidence.ts';

/** Reports of a few laptops, verified again. */
export interface EvidenceSample {
  readonly at: Date;
  readonly laptops: number;
  readonly reports: number;
  /** Signed by that laptop, in their place, as they stand. */
  readonly genuine: number;
  /** Hold nothing but what the catalogue knows. */
  readonly closed: number;
}

/** How the very request for this statement came in. */
export interface Transport {
  /** `TLSv1.3`; null where it came without encryption. */
  readonly protocol: string | null;
  /** It came from this machine itself, such as from a proxy in front. */
  readonly loopback: boolean;
}

export interface CollectorMeasurements extends Measurements {
  readonly sample: EvidenceSample;
  /** The chain of the audit log: when it was gone through, and where it broke. */
  readonly chain: { readonly at: Date; readonly brokenAt: number | null };
  readonly transport: Transport | null;
}

const day = 86_400_000;
/** A backup older than this is none of last week's; CIS 11.2. */
const backupDays = 7;
/** A restore is tried every quarter; CIS 11.5. */
const restoreDays = 92;
/** Management is told at least every quarter; our proposal. */
const statementDays = 92;

type Finding = FeatureEvidence | undefined;
const found = (status: FeatureEvidence['status'], sentence: string): FeatureEvidence => ({
  status,
  sentence,
});
const minute = (date: Date) => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const features: { readonly [Feature in CollectorFeature]: (m: CollectorMeasurements, at: Date) => Finding } =
  {
    roles({ people, roles }) {
      const held = [...roles].map(([role, number]) => `${role} ${number}`);
      const sentence = `${count(people, 'named account')} with a role here (${list(held)}); a role that is not given may nothing.`;
      if (people === 0) return undefined;
      return roles.has('dpo')
        ? found('evidenced', sentence)
        : found('partly', `${sentence} Nobody has the role of data protection officer.`);
    },
    'audit-chain'({ chain, auditEntries }) {
      if (auditEntries === 0) return undefined;
      return chain.brokenAt === null
        ? found(
            'evidenced',
            `all ${count(auditEntries, 'entry', 'entries')} followed one another without a gap or a change when the log was gone through at ${minute(chain.at)}.`,
          )
        : found('failing', `the log does not follow from entry ${chain.brokenAt}; it was changed or cut.`);
    },
    'closed-reports'({ sample }) {
      if (sample.reports === 0) return undefined;
      const sentence = `${sample.closed} of ${count(sample.reports, 'report')} of ${count(sample.laptops, 'laptop')}, read again at ${minute(sample.at)}, hold nothing but what the catalogue knows.`;
      return found(sample.closed === sample.reports ? 'evidenced' : 'failing', sentence);
    },
    pseudonyms({ devices, pseudonyms }) {
      if (devices === 0) return undefined;
      const sentence = `${pseudonyms} of ${count(devices, 'laptop')} stand under a random pseudonym; addresses of people are in a database and under a key of their own.`;
      return found(pseudonyms === devices ? 'evidenced' : 'failing', sentence);
    },
    'encrypted-transport'({ transport }) {
      if (transport === null) return undefined;
      if (transport.protocol !== null) {
        return found('evidenced', `this statement itself was asked for over ${transport.protocol}.`);
      }
      return transport.loopback
        ? undefined
        : found('failing', 'this statement itself was asked for over a connection without encryption.');
    },
    'signed-evidence'({ sample }) {
      if (sample.reports === 0) return undefined;
      const sentence = `the signatures of ${sample.genuine} of ${count(sample.reports, 'report')} of ${count(sample.laptops, 'laptop')} were verified again at ${minute(sample.at)}.`;
      return found(sample.genuine === sample.reports ? 'evidenced' : 'failing', sentence);
    },
    backup({ backupMadeAt, backupVerifiedAt }, at) {
      if (backupMadeAt === null) return undefined;
      const proven =
        backupVerifiedAt === null
          ? 'none was ever put back to see whether it works'
          : `one was last put back at ${minute(backupVerifiedAt)}`;
      const sentence = `a backup was last made at ${minute(backupMadeAt)}; ${proven}.`;
      if (at.getTime() - backupMadeAt.getTime() > backupDays * day) return found('failing', sentence);
      const recent =
        backupVerifiedAt !== null && at.getTime() - backupVerifiedAt.getTime() <= restoreDays * day;
      return found(recent ? 'evidenced' : 'partly', sentence);
    },
    'statement-review'({ statedAt }, at) {
      if (statedAt === null) return undefined;
      const sentence = `this statement was last taken as a document at ${minute(statedAt)}.`;
      return found(
        at.getTime() - statedAt.getTime() <= statementDays * day ? 'evidenced' : 'failing',
        sentence,
      );
    },
    'policy-versions'({ policyVersions, policySince }) {
      return policySince === null
        ? undefined
        : found(
            'evidenced',
            `${count(policyVersions, 'version')} kept, the one in force since ${minute(policySince)}.`,
          );
    },
    isolation({ transport }) {
      if (transport === null) return undefined;
      if (transport.loopback) {
        return found(
          'evidenced',
          'the collector listens to this machine alone, with whatever stands in front of it.',
        );
      }
      return transport.protocol === null
        ? found('failing', 'the collector answers other machines without encryption.')
        : undefined;
    },
    offboarding({ revoked, heardAfterwards }) {
      if (revoked === 0) return undefined;
      return found(
        heardAfterwards === 0 ? 'evidenced' : 'failing',
        `${count(revoked, 'laptop')} taken out of the fleet; ${heardAfterwards === 0 ? 'nothing was' : `from ${heardAfterwards} something was`} accepted afterwards.`,
      );
    },
    'human-decisions'({ decisions, decisionsByCollector }) {
      if (decisions === 0) return undefined;
      return found(
        decisionsByCollector === 0 ? 'evidenced' : 'failing',
        `${decisions - decisionsByCollector} of ${count(decisions, 'decision')} on laptops and waivers were made by a person or from the command line, by the audit log.`,
      );
    },
    waivers({ waivers, selfApproved, tooLong }) {
      if (waivers === 0) return found('evidenced', 'no exception is in force.');
      const wrong = selfApproved + tooLong;
      const sentence = `${count(waivers, 'exception')} in force; ${selfApproved} approved by whoever asked, ${tooLong} for longer than 90 days.`;
      return found(wrong === 0 ? 'evidenced' : 'failing', sentence);
    },
  };

/** What can still be told of a day that has passed; everything else is only known of now. */
const kept: readonly CollectorFeature[] = [
  'audit-chain',
  'backup',
  'statement-review',
  'policy-versions',
  'human-decisions',
  'waivers',
];

/**
 * What the collector measured of itself; a feature that was not or cannot be measured is not in it. Of the past only what it kept.
 * Pure.
 */
export function featureEvidence(
  measured: CollectorMeasurements,
  at: Date,
  past: boolean,
): ReadonlyMap<CollectorFeature, FeatureEvidence> {
  return new Map(
    Object.entries(features).flatMap(([feature, measure]) => {
      if (past && !kept.includes(feature as CollectorFeature)) return [];
      const evidence = measure(measured, at);
      return evidence === undefined ? [] : [[feature as CollectorFeature, evidence] as const];
    }),
  );
}
