import type { Fields, Values } from '../../registers/field.ts';
import { addresses } from '../addresses.ts';
import { Icon } from '../components/icon.tsx';
import { Crumbs, Layout } from '../components/layout.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { registerAddresses } from './addresses.ts';
import { type Choice, type FieldProblems, FormFields } from './fields.tsx';
import type { RegisterLink } from './register.tsx';

export interface RecordFormView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly register: RegisterLink;
  /** The record that is changed; undefined for a new one. */
  readonly record?: { readonly id: string; readonly reference: string; readonly version: number } | undefined;
  readonly fields: Fields;
  readonly values: Values;
  readonly choices: Readonly<Record<string, readonly Choice[]>>;
  /** What is wrong with the whole, and field by field. */
  readonly problem?: string | undefined;
  readonly problems: FieldProblems;
  /** There are fields about people that this viewer does not see. */
  readonly hidesPersonal: boolean;
}

/** What is wrong, with a link to each field: the first thing read aloud after a form came back. */
export function ProblemSummary({
  problem,
  problems,
  fields,
  scope = '',
}: {
  problem: string;
  problems: FieldProblems;
  fields: Fields;
  scope?: string;
}) {
  return (
    <div class="notice" role="alert">
      <Icon name="attention" />
      <div>
        <p>{problem}</p>
        <ul>
          {Object.entries(problems).map(([id, text]) => (
            <li key={id}>
              <a href={`#${scope}${id}`}>{fields[id]?.title ?? id}</a>: {text}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** The form of a record, made of the register's own definition. */
export function RecordFormPage(view: RecordFormView) {
  const { viewer, organization, register, record, fields, values, choices, problem, problems } = view;
  const title = record === undefined ? `New ${register.noun}` : `Change ${record.reference}`;
  const back =
    record === undefined
      ? registerAddresses.register(organization.id, register.id)
      : registerAddresses.record(organization.id, register.id, record.id);
  return (
    <Layout title={title} viewer={viewer} place={{ organization, section: 'registers' }}>
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: 'Registers', address: registerAddresses.registers(organization.id) },
          { name: register.title, address: registerAddresses.register(organization.id, register.id) },
        ]}
      />
      <h1>{title}</h1>
      {problem !== undefined && <ProblemSummary problem={problem} problems={problems} fields={fields} />}
      <form
        method="post"
        class="card record-form"
        novalidate
        action={
          record === undefined
            ? registerAddresses.register(organization.id, register.id)
            : registerAddresses.changeRecord(organization.id, register.id, record.id)
        }
      >
        <input type="hidden" name="csrf" value={viewer.csrf} />
        {record !== undefined && <input type="hidden" name="version" value={record.version} />}
        {view.hidesPersonal && (
          <p class="muted small">
            What this {register.noun} says about people is hidden from you and stays as it is.
          </p>
        )}
        <FormFields fields={fields} values={values} problems={problems} choices={choices} />
        <p class="actions">
          <button type="submit" class="button">
            {record === undefined ? `Write down the ${register.noun}` : 'Keep the changes'}
          </button>
          <a class="button quiet" href={back}>
            Cancel
          </a>
        </p>
      </form>
    </Layout>
  );
}
