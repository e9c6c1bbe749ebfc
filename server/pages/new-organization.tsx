import { addresses } from './addresses.ts';
import { Attention } from './components/draft-frame.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import { Field } from './components/parameter-input.tsx';
import type { Viewer } from './model.ts';

export interface NewOrganizationView {
  readonly viewer: Viewer;
  readonly presets: readonly { readonly id: string; readonly name: string }[];
  /** As it was entered the last time, to be corrected. */
  readonly name: string;
  readonly contact: string;
  readonly preset: string;
  readonly errors: Readonly<Record<'name' | 'contact', string | undefined>>;
}

/** One more company to look after. */
export function NewOrganizationPage({ viewer, presets, name, contact, preset, errors }: NewOrganizationView) {
  const refused = Object.values(errors).some((error) => error !== undefined);
  const input = (id: 'name' | 'contact', value: string) => (
    <input
      id={id}
      name={id}
      type="text"
      value={value}
      maxlength={200}
      autocomplete="off"
      required
      aria-invalid={errors[id] !== undefined}
      aria-describedby={`${id}-hint${errors[id] === undefined ? '' : ` ${id}-error`}`}
    />
  );
  return (
    <Layout title="New organization" viewer={viewer}>
      <Crumbs trail={[{ name: 'Today', address: addresses.today }]} />
      <div class="heading">
        <div>
          <h1>New organization</h1>
          <p class="summary">
            A company whose laptops you look after. Nothing of it is mixed with any other, and you become its
            first administrator.
          </p>
        </div>
      </div>
      {refused && (
        <Attention>
          <p>Nothing was made: something below cannot be so.</p>
        </Attention>
      )}
      <form class="card fields draft-form" method="post" action={addresses.newOrganization}>
        <input type="hidden" name="csrf" value={viewer.csrf} />
        <Field id="name" label="Name" hint="As staff know the company" error={errors.name}>
          {input('name', name)}
        </Field>
        <Field
          id="contact"
          label="Whom staff can ask about their data"
          hint="A name, an address or both; shown to each person before their laptop is enrolled"
          error={errors.contact}
        >
          {input('contact', contact)}
        </Field>
        <Field
          id="preset"
          label="Policy to begin with"
          hint="Everything in it can be changed afterwards, under Policy"
        >
          <select id="preset" name="preset" aria-describedby="preset-hint">
            {presets.map((each) => (
              <option key={each.id} value={each.id} selected={each.id === preset}>
                {each.name}
              </option>
            ))}
          </select>
        </Field>
        <div class="button-row">
          <button type="submit" class="button">
            Make the organization
          </button>
          <a class="button quiet" href={addresses.today}>
            Back
          </a>
        </div>
      </form>
    </Layout>
  );
}
