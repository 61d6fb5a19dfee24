import { computed, reactive, type WritableComputedRef } from "vue";
import { call } from "@/platform";
import { draftOf, KeptDraft } from "./keptDraft";

/** What was kept, as far as it has the form's fields; null where it is none of this form's. */
export function parseForm<Fields extends object>(stored: string | undefined, empty: Fields): Fields | null {
  if (stored === undefined) return null;
  try {
    const found = JSON.parse(stored) as Partial<Fields> | null;
    if (typeof found !== "object" || found === null) return null;
    const fits = (name: keyof Fields) =>
      typeof found[name] === typeof empty[name] && Array.isArray(found[name]) === Array.isArray(empty[name]);
    const known = (Object.keys(empty) as (keyof Fields)[]).filter(fits);
    return { ...empty, ...Object.fromEntries(known.map((name) => [name, found[name]])) };
  } catch {
    return null;
  }
}

/** A form that the backend keeps no draft of: its fields are kept in the profile, as text under a name. */
class FormDraft<Fields extends object> extends KeptDraft<Fields> {
  private reading: Promise<void> | null = null;

  constructor(
    private readonly key: string,
    private readonly empty: Fields,
  ) {
    super(empty, async (fields) => {
      await call("preference_set", { key, value: JSON.stringify(fields) });
      return { editedAt: "" };
    });
  }

  /** Takes what was kept, once. */
  read(): Promise<void> {
    this.reading ??= call("preferences", {}).then(({ values }) => {
      const kept = parseForm(values[this.key], this.empty);
      if (kept !== null && !this.touched) this.take(kept, "");
    });
    return this.reading;
  }

  /** It was sent, or thrown away: nothing is kept any more. */
  async clear(): Promise<void> {
    this.restart(this.empty);
    await call("preference_set", { key: this.key, value: null });
  }
}

type Models<Fields> = { [Name in keyof Fields]: WritableComputedRef<Fields[Name]> };

/**
 * The fields of a form, kept from the first key on and there again when the form is opened next. `fields` takes
 * `v-model`; `draft.clear()` when they were sent.
 *
 * @example const { draft, fields } = useFormDraft("supply-issue", { kind: "short", description: "" });
 */
export function useFormDraft<Fields extends object>(name: string, empty: Fields) {
  const key = `form.${name.replaceAll(/[^A-Za-z0-9.-]/g, "-")}`.slice(0, 80);
  const draft = draftOf(key, () => new FormDraft(key, empty));
  const ready = draft.read().catch(() => undefined);
  const model = <Name extends keyof Fields>(field: Name) =>
    computed({
      get: () => draft.fields.value[field],
      set: (value) => draft.change({ [field]: value } as unknown as Partial<Fields>),
    });
  const models = Object.fromEntries(
    (Object.keys(empty) as (keyof Fields)[]).map((field) => [field, model(field)]),
  ) as Models<Fields>;
  return { draft, fields: reactive(models) as unknown as Fields, ready };
}
