import { computed, reactive, ref } from "vue";
import { useText } from "@/useText";

/** Characters, as a reader counts them. */
const SHORTEST = 8;

/** A passphrase that is set: entered twice, not too short. Faults are said only once `check` has been asked. */
export function useNewPassphrase() {
  const text = useText();
  const next = ref("");
  const again = ref("");
  const tried = ref(false);
  const isShort = computed(() => [...next.value].length < SHORTEST);
  const isOther = computed(() => next.value !== again.value);
  return reactive({
    next,
    again,
    short: computed(() => (tried.value && isShort.value ? text.value.safety.people.short : null)),
    differs: computed(() =>
      tried.value && !isShort.value && isOther.value ? text.value.safety.people.differs : null,
    ),
    /** Whether it can be taken. */
    check(): boolean {
      tried.value = true;
      return !isShort.value && !isOther.value;
    },
    clear(): void {
      next.value = again.value = "";
      tried.value = false;
    },
  });
}

export type NewPassphrase = ReturnType<typeof useNewPassphrase>;
