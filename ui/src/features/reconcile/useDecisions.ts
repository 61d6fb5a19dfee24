import { computed } from "vue";
import type { DifferenceOwner, ItemState, LineGroup, ReconcileDone, ReconcileRow } from "@/bindings/wire";
import { dismissToast, toast } from "@/kit/toasts";
import { call } from "@/platform";
import { useAttempt } from "@/useAttempt";
import { useText } from "@/useText";

/** A decision may match the month anew. */
const TIMEOUT_MS = 10 * 60_000;

/**
 * What is decided about items of a month; each is one command, says what it did, and can be undone. A decision is made as
 * soon as its command has answered; what is pressed while the list is read anew waits for `settled`.
 */
export function useDecisions(period: () => string, changed: () => Promise<void>) {
  const text = useText();
  const t = computed(() => text.value.reconcile);
  const { busy, attempt } = useAttempt({ toasted: true });

  /** The decision under way, until the list shows it. */
  let last: Promise<unknown> = Promise.resolve();
  async function decide(
    work: () => Promise<ReconcileDone>,
    done: (count: number) => string,
  ): Promise<boolean> {
    const made = carryOut(work, done);
    // The data may have changed under a decision that was refused, too.
    last = made.then(changed);
    return made;
  }

  /** What offers to take back must mean the last decision: an earlier one's message goes. */
  let told: number | null = null;
  function retract(): void {
    if (told !== null) dismissToast(told);
    told = null;
  }

  async function carryOut(
    work: () => Promise<ReconcileDone>,
    done: (count: number) => string,
  ): Promise<boolean> {
    const answers: ReconcileDone[] = [];
    await attempt(async () => answers.push(await work()));
    const [answer] = answers;
    if (!answer) return false;
    const { changed: count, summary } = answer;
    const takeBack = { label: t.value.acts.undo, run: () => void undo(() => summary.undo) };
    retract();
    told = toast("success", done(count), summary.undo === null ? undefined : takeBack);
    return true;
  }

  const items = (rows: readonly ReconcileRow[]) => ({
    period: period(),
    items: rows.map(({ item }) => item),
  });
  const options = { timeoutMs: TIMEOUT_MS };

  /** Takes the last decision back; `what` says which that is, or null where there is none. */
  async function undo(what: () => string | null): Promise<void> {
    await last;
    if (what() === null) return void toast("info", t.value.nothingToUndo);
    retract();
    await attempt(async () => {
      await call("reconcile_undo", { period: period() }, options);
      toast("info", t.value.undone);
    });
    await changed();
  }

  interface Mark {
    state?: ItemState;
    owner?: DifferenceOwner | null;
    note?: string;
  }
  return {
    busy,
    /** When the list shows what was decided. */
    settled: () => last,
    undo,
    accept: (rows: readonly ReconcileRow[]) =>
      decide(
        () => call("reconcile_accept", items(rows), options),
        rows.every(({ sort }) => sort === "proposal") ? t.value.confirmedCount : t.value.acceptedCount,
      ),
    unlink: (rows: readonly ReconcileRow[]) =>
      decide(() => call("reconcile_unlink", items(rows), options), t.value.unlinkedCount),
    mark: (rows: readonly ReconcileRow[], { state, owner, note }: Mark) =>
      decide(
        () =>
          call(
            "reconcile_mark",
            { ...items(rows), state: state ?? null, owner: owner ?? null, note: note ?? null },
            options,
          ),
        t.value.markedCount,
      ),
    link: (groups: LineGroup[]) =>
      decide(
        () => call("reconcile_link", { period: period(), groups }, options),
        () => (groups.length > 1 ? t.value.splitDone : t.value.linkedDone),
      ),
  };
}
