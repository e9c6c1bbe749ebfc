import { addresses } from '../addresses.ts';
import { countedStates, type DeviceLink, type DeviceState, type StateCounts } from '../model.ts';
import { number, percent, stateWords } from '../words.ts';
import { Donut, ShareBar, type Slice } from './charts.tsx';
import { Command } from './command.tsx';
import { Toned } from './status.tsx';

/** How many devices count, all states together. */
export function totalOf(counts: StateCounts): number {
  return countedStates.reduce((sum, state) => sum + counts[state], 0);
}

const slicesOf = (counts: StateCounts): Slice[] =>
  countedStates.map((state) => ({ tone: state, word: stateWords[state], amount: counts[state] }));

/** Each state with its number; `address` makes a number lead to the list behind it. */
export function StateTiles({
  counts,
  address,
}: {
  counts: StateCounts;
  address?: (state: DeviceState) => string;
}) {
  return (
    <ul class="tiles">
      {countedStates.map((state) => {
        const amount = number(counts[state]);
        return (
          <li key={state}>
            <Toned tone={counts[state] === 0 && state !== 'compliant' ? 'none' : state}>
              {stateWords[state]}
            </Toned>
            <span class="number">
              {address === undefined ? (
                amount
              ) : (
                <a href={address(state)} aria-label={`${amount} ${stateWords[state].toLowerCase()}`}>
                  {amount}
                </a>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The shares of the states as one thin bar. */
export function StateBar({ title, counts }: { title: string; counts: StateCounts }) {
  return <ShareBar title={title} slices={slicesOf(counts)} />;
}

/** The ring and, beside it, every number it is made of. */
export function StateDonut({
  organization,
  name,
  counts,
  asOf = null,
}: {
  organization: string;
  name: string;
  counts: StateCounts;
  asOf?: string | null;
}) {
  const total = totalOf(counts);
  return (
    <div class="donut">
      <Donut
        title={`Laptops of ${name}`}
        unit={total === 1 ? 'laptop' : 'laptops'}
        slices={slicesOf(counts)}
      />
      <ul class="legend">
        {countedStates.map((state) => (
          <li key={state}>
            <a href={`${addresses.organization(organization, { state, asOf })}#devices`}>
              <Toned tone={state}>{stateWords[state]}</Toned>
              <span>{number(counts[state])}</span>
              <span class="share-of">{percent(counts[state], total)}</span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A device by its pseudonym, followed by the company's asset tag where there is one. */
export function DeviceName({
  organization,
  device,
  asOf = null,
}: {
  organization: string;
  device: DeviceLink;
  /** Leads to the device as it was when that day ended. */
  asOf?: string | null;
}) {
  return (
    <>
      <a class="device-name" href={addresses.device(organization, device.id, asOf)}>
        {device.label}
      </a>
      {device.assetTag !== undefined && <span class="asset-tag">{device.assetTag}</span>}
    </>
  );
}

/** A name as one word of a command line. */
const shellWord = (name: string) =>
  /^[\w .,&()-]+$/.test(name) ? `"${name}"` : `'${name.replaceAll("'", "'\\''")}'`;

/** How a laptop joins: what to run here, what to run there. */
export function EnrollSteps({ name }: { name: string }) {
  return (
    <ol class="steps">
      <li>
        <span>On the machine the collector runs on, make a token. It works once and expires.</span>
        <Command
          text={`collector token --organization ${shellWord(name)}`}
          label="the command that makes a token"
        />
      </li>
      <li>
        <span>
          On the laptop, with the agent installed, enroll with it. The person sees first what is read and who
          can see it.
        </span>
        <Command text="agent --enroll TOKEN" label="the command that enrolls the laptop" />
      </li>
      <li>
        <span>Its first report arrives within a minute, and the laptop appears here.</span>
      </li>
    </ol>
  );
}
