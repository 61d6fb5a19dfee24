import { computed, useAttrs } from "vue";

/** What every field takes. */
export interface FieldProps {
  /** Always present; `hideLabel` only hides it from sight. */
  label: string;
  hideLabel?: boolean;
  /** A line below the field: what to enter and in which unit. */
  hint?: string | undefined;
  /** Why the entry is refused, in the user's words. */
  error?: string | null | undefined;
  required?: boolean;
  disabled?: boolean;
}

/**
 * Attributes set on a field: the class is for the whole, everything else (events, `data-test`) for the control in it.
 * For components with `inheritAttrs: false`.
 */
export function useControlAttrs() {
  const attrs = useAttrs();
  return {
    ofWhole: computed(() => ({ class: attrs["class"] })),
    ofControl: computed(() => ({ ...attrs, class: undefined })),
  };
}
