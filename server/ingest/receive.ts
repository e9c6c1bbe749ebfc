import { canonicalJson } from '../../shared/canonical.ts';
import { Id, type PeerReport, parsePeerReportFrame, reportType } from '../../shared/report.ts';
import { HttpProblem } from '../problem.ts';
import { assess } from '../review/assess.ts';
import { judgedOf } from '../review/outcomes.ts';
import { readHeader, readJson, sha256, splitJws } from '../signing/compact-jws.ts';
import { verifyEd25519 } from '../signing/ed25519.ts';
import type { Sender } from '../storage/devices.ts';
import type { VerifiedReport } from '../storage/ingest.ts';
import type { Stores } from '../storage/stores.ts';
import type { Judged } from '../storage/write-findings.ts';
import { cutReport } from './cut-report.ts';
import { knownFacts, type ReadFacts } from './known-facts.ts';

/** A clock may be ahead by this much without a word: transport and rounding. */
const toleratedSkewSeconds = 300;
/**
 * Further ahead than this and the report is refused. Up to it, the report counts, the skew is measured and the check on time
 * says so: a wrong clock must not hide a device.
 */
const maxSkewSeconds = 25 * 3_600;

/** Agents keep what they could not send for a month; a report that claims to be older comes from a clock nobody can believe. */
const maxAgeMs = 32 * 24 * 3_600_000;

/** So many devices that reported lately are known by heart. */
const maxSigners = 20_000;

/** What never changes of a device: the key of an id is the same for good. */
type Signer = Pick<Sender, 'number' | 'publicKey'>;

interface ReadReport {
  readonly report: PeerReport;
  readonly factsDigest: Buffer;
}

const beforeFacts = Buffer.from('{"facts":');

/**
 * Believes nothing of a report before it is proven: who signed it, that it is a report, and that it is the sender's own. The
 * place in its chain is decided where it is kept. Throws HttpProblem.
 */
export function reportReceiver({
  devices,
  organizations,
  waivers,
}: Pick<Stores, 'devices' | 'organizations' | 'waivers'>) {
  const signers = new Map<string, Signer>();
  const known = knownFacts();

  async function signerOf(id: string): Promise<Signer | undefined> {
    const remembered = signers.get(id);
    if (remembered !== undefined) return remembered;
    const signer = await devices.sender(id);
    if (signer === undefined) return undefined;
    if (signers.size >= maxSigners) signers.clear();
    signers.set(id, signer);
    return signer;
  }

  return async function receive(jws: string, receivedAt: Date): Promise<VerifiedReport> {
    const parts = splitJws(jws);
    if (parts === undefined) throw new HttpProblem('bad-report');
    const header = readHeader(parts.header, reportType);
    if (header === undefined || !Id.safeParse(header.kid).success) throw new HttpProblem('bad-report');
    const signer = await signerOf(header.kid);
    const bytes = Buffer.from(jws, 'latin1');
    // An unknown device and a wrong signature are answered alike.
    if (
      signer === undefined ||
      !verifyEd25519(bytes.subarray(0, parts.signed.length), parts.signature, signer.publicKey)
    ) {
      throw new HttpProblem('bad-signature');
    }

    const { report, factsDigest } = readReport(parts.payload);
    if (report.device !== header.kid) throw new HttpProblem('bad-report');
    const skew = (Date.parse(report.takenAt) - receivedAt.getTime()) / 1_000;
    if (skew > maxSkewSeconds) throw new HttpProblem('clock-skew');
    const clockSkewSeconds = skew > toleratedSkewSeconds ? Math.round(skew) : 0;
    return {
      device: signer.number,
      deviceId: header.kid,
      jws,
      parts,
      digest: sha256(bytes),
      report,
      factsDigest,
      receivedAt,
      clockSkewSeconds,
      judged: 'facts' in report ? await judgeReport(report, receivedAt, clockSkewSeconds) : undefined,
    };
  };

  /** A report, its facts looked at check by check; the digest is of what was sent (`factsDigestInput`). Throws HttpProblem. */
  function readReport(payload: Buffer): ReadReport {
    const cut = cutReport(payload.toString());
    if (cut !== undefined) {
      try {
        return readFrame({ ...cut.head, facts: {} }, () => known.readTexts(cut.facts));
      } catch (error) {
        // Cut in the wrong place, or no report anyway.
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
    return readFrame(readJson(payload), (facts) => known.read(facts));
  }

  function readFrame(
    raw: unknown,
    read: (facts: Readonly<Record<string, unknown>>) => ReadFacts | undefined,
  ): ReadReport {
    const frame = parsePeerReportFrame(raw).data;
    if (frame === undefined) throw new HttpProblem('bad-report');
    if ('unchanged' in frame) return { report: frame, factsDigest: Buffer.from(frame.unchanged, 'hex') };
    const said = read(frame.facts);
    if (said === undefined) throw new HttpProblem('bad-report');
    const machine = canonicalJson((raw as { machine: unknown }).machine);
    const input = Buffer.concat([beforeFacts, said.canonical, Buffer.from(`,"machine":${machine}}`)]);
    return { report: { ...frame, facts: said.facts }, factsDigest: sha256(input) };
  }

  async function judgeReport(
    report: Extract<PeerReport, { facts: unknown }>,
    receivedAt: Date,
    clockSkewSeconds: number,
  ): Promise<Judged | undefined> {
    const sender = await devices.sender(report.device);
    // Taken out in the meantime: the transaction says so.
    if (sender === undefined || sender.revoked) return undefined;
    const { policy } = await organizations.policyVersion(sender.organization, sender.policyVersion);
    const granted = await waivers.grantedAt(sender.organization, sender.waiverRevision);
    const claimed = Date.parse(report.takenAt);
    // Nor was it taken before the one that it follows: a clock that is set back must not change what was.
    const earliest = Math.max(receivedAt.getTime() - maxAgeMs, sender.takenAt?.getTime() ?? 0);
    const believable = claimed <= receivedAt.getTime() && claimed >= earliest;
    const takenAt = believable ? new Date(claimed) : receivedAt;
    const assessment = assess(
      report.facts,
      {
        machine: report.machine,
        agent: report.agent,
        owner: sender.owner,
        receivedAt: takenAt,
        diverged: sender.diverged,
        clockSkewSeconds,
        leaveUntil: sender.leaveUntil,
        agreement: sender.agreement !== '',
        approval: sender.approval,
        waivers: granted.of({
          id: report.device,
          owner: sender.owner,
          platform: report.machine.platform,
        }),
      },
      policy,
      takenAt,
      known.judging,
    );
    return judgedOf(assessment, {
      device: sender.number,
      organization: sender.organization,
      version: policy.version,
      waivers: granted.revision,
      at: takenAt,
      stateAt: receivedAt,
      sequence: report.sequence,
      factsSequence: report.sequence,
    });
  }
}
