import { shallowRef } from "vue";
import type { OrderDraft, RefusedLine } from "@/bindings/wire";
import { call } from "@/platform";

const KIND = "order.submit";

/** Why the platform refused an order, as a whole and line by line. */
export interface Refusal {
  readonly text: string;
  readonly lines: readonly RefusedLine[];
}

/** The person's unsent orders; of those that came back, why the platform refused them. */
export function useOrderDrafts() {
  const drafts = shallowRef<readonly OrderDraft[]>([]);
  const refusals = shallowRef<ReadonlyMap<string, Refusal>>(new Map());

  async function load(): Promise<void> {
    try {
      drafts.value = (await call("order_drafts", {})).drafts;
      const { items } = await call("outbox_list", { before: null });
      refusals.value = new Map(
        items
          .filter(({ kind, state }) => kind === KIND && state === "refused")
          .map(({ subject, errorText, refused }) => [subject, { text: errorText ?? "", lines: refused }]),
      );
    } catch {
      // The list of lines says what is wrong; drafts stay as last read.
    }
  }
  return { drafts, refusals, load };
}
