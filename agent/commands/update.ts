import { basePolicy } from '../../shared/policy.ts';
import type { Arguments } from '../arguments.ts';
import { CommandError } from '../command-error.ts';
import { chosenLogLevel, openLog } from '../log.ts';
import { stateDirectory } from '../state/directory.ts';
import { readEnrollment } from '../state/enrollment.ts';
import { openCollector } from '../sync/client.ts';
import { readKeptPolicy } from '../sync/kept-policy.ts';
import { collectorProblem } from '../sync/session.ts';
import { ownInstallation, replacedExitCode, targetOf } from '../update/installation.ts';
import { updateMemory } from '../update/memory.ts';
import { programs } from '../update/programs.ts';
import { UpdateRefused } from '../update/releases.ts';
import { takeUpdate } from '../update/update.ts';
import { version } from '../version.ts';

/** `agent --update`: takes a newer version from the collector, verifies and tries it, and puts it in place. */
export async function update(args: Arguments): Promise<number> {
  const installation = ownInstallation();
  if (installation === undefined) {
    process.stderr.write(
      'This agent is updated by whoever installed it: the package manager, or the device management.\n',
    );
    return 0;
  }
  const directory = stateDirectory();
  const enrollment = await readEnrollment(directory);
  if (enrollment === undefined) throw new CommandError('notEnrolled', 'this machine is not enrolled');
  const { kept } = await readKeptPolicy(directory, enrollment.collectorKey);
  const log = await openLog(chosenLogLevel(args['log-level'], 'warn'));
  const collector = openCollector(enrollment.url, enrollment.pin);
  try {
    const outcome = await takeUpdate({
      installation,
      source: {
        memory: updateMemory(directory),
        root: installation.root,
        target: targetOf(process),
        collector,
      },
      programs,
      device: enrollment.device,
      percent: (kept?.policy ?? basePolicy()).updates?.percent ?? 100,
      running: version,
    });
    log.info({ update: outcome }, 'looked for a newer agent');
    if (outcome.kind === 'installed') {
      process.stdout.write(`Version ${outcome.version} is in place; ${version} stays beside it.\n`);
      return replacedExitCode;
    }
    process.stdout.write(
      outcome.kind === 'newest'
        ? `This is the newest version, ${version}.\n`
        : `There is version ${outcome.version}; the policy lets other devices go first.\n`,
    );
    return 0;
  } catch (error) {
    if (error instanceof UpdateRefused) {
      log.error({ refused: error.message }, 'update refused');
      throw new CommandError('refused', `the update was refused: ${error.message}`);
    }
    throw collectorProblem(error);
  } finally {
    collector.close();
  }
}
