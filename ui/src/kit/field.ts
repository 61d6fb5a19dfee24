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
