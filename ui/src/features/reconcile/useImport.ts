import { computed, onScopeDispose, ref, shallowRef } from "vue";
import type {
  LedgerDetected,
  LedgerField,
  LedgerHeading,
  LedgerImported,
  LedgerProgress,
} from "@/bindings/wire";
import { ApiError, call } from "@/platform";

/** A hundred thousand rows on a weak PC. */
const TIMEOUT_MS = 30 * 60_000;
const LOOK_EVERY_MS = 400;

/** What the columns mean, as the backend takes it. */
export function headingsOf({ columns }: Pick<LedgerDetected, "columns">): LedgerHeading[] {
  return columns.map(({ heading, field }) => ({ heading, field }));
}

/** The columns with another meaning for one; a meaning that another column had goes over to it. */
export function withMeaning(
  headings: readonly LedgerHeading[],
  heading: string,
  field: LedgerField | null,
): LedgerHeading[] {
  return headings.map((one) => {
    if (one.heading === heading) return { heading, field };
    return one.field !== null && one.field === field ? { heading: one.heading, field: null } : one;
  });
}

/** 台账导入: looks into a file, lets what its columns mean be changed, then takes it in. */
export function useImport() {
  const detected = shallowRef<LedgerDetected | null>(null);
  const imported = shallowRef<LedgerImported | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const doing = ref<"nothing" | "detecting" | "importing">("nothing");
  const progress = shallowRef<LedgerProgress | null>(null);
  /** What the person said the columns mean; none while the headings speak for themselves. */
  let headings: LedgerHeading[] = [];
  let timer: ReturnType<typeof setInterval> | undefined;

  async function run(what: "detecting" | "importing", work: () => Promise<void>): Promise<boolean> {
    if (doing.value !== "nothing") return false;
    doing.value = what;
    error.value = null;
    progress.value = null;
    timer = setInterval(() => {
      void call("ledger_progress", {})
        .then((now) => now.running && (progress.value = now))
        .catch(() => undefined);
    }, LOOK_EVERY_MS);
    try {
      await work();
      return true;
    } catch (reason) {
      const failure = ApiError.from(reason);
      if (failure.code !== "cancelled") error.value = failure;
      return false;
    } finally {
      clearInterval(timer);
      doing.value = "nothing";
    }
  }
  onScopeDispose(() => clearInterval(timer));

  interface Choice {
    /** None: the system's dialog asks. */
    path: string | null;
    profile?: string | null;
    sheet?: string | null;
  }
  const look = ({ path, profile = null, sheet = null }: Choice) =>
    run("detecting", async () => {
      const request = { path, profile, sheet, headings };
      detected.value = await call("ledger_detect", request, { timeoutMs: TIMEOUT_MS });
      imported.value = null;
    });

  return {
    detected: computed(() => detected.value),
    imported: computed(() => imported.value),
    error: computed(() => error.value),
    doing: computed(() => doing.value),
    progress: computed(() => progress.value),
    /** Another file. */
    open(path: string | null): Promise<boolean> {
      headings = [];
      return look({ path });
    },
    /** The same file, read otherwise. */
    chooseSheet(sheet: string): Promise<boolean> {
      headings = [];
      return look({ path: detected.value!.path, sheet });
    },
    chooseProfile(profile: string | null): Promise<boolean> {
      const { path, sheet } = detected.value!;
      headings = [];
      return look({ path, sheet, profile });
    },
    setMeaning(heading: string, field: LedgerField | null): Promise<boolean> {
      const { path, sheet, profile } = detected.value!;
      headings = withMeaning(headingsOf(detected.value!), heading, field);
      return look({ path, sheet, profile });
    },
    take(period: string | null, saveAs: string | null): Promise<boolean> {
      const { path, sha256, sheet, profile } = detected.value!;
      const request = { path, sha256, profile, sheet, headings: headingsOf(detected.value!), period, saveAs };
      return run("importing", async () => {
        imported.value = await call("ledger_import", request, { timeoutMs: TIMEOUT_MS });
      });
    },
    cancel: () => call("ledger_cancel", {}).catch(() => undefined),
    reset(): void {
      detected.value = imported.value = error.value = null;
      headings = [];
    },
  };
}
