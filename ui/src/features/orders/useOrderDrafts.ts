import { shallowRef } from "vue";
import type { OrderDraft } from "@/bindings/wire";
import { call } from "@/platform";

const KIND = "order.submit";

/** The person's unsent orders; of those that came back, why the platform refused them. */
export function useOrderDrafts() {
  const drafts = shallowRef<readonly OrderDraft[]>([]);
  const refusals = shallowRef<ReadonlyMap<string, string>>(new Map());

  async function load(): Promise<void> {
    try {
      drafts.value = (await call("order_drafts", {})).drafts;
      const { items } = await call("outbox_list", { before: null });
      refusals.value = new Map(
        items
          .filter(({ kind, state }) => kind === KIND && state === "refused")
          .map(({ subject, errorText }) => [subject, errorText ?? ""]),
      );
    } catch {
      // The list of lines says what is wrong; drafts stay as last read.
    }
  }
  return { drafts, refusals, load };
}
