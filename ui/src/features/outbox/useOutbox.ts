import { computed, ref, shallowRef } from "vue";
import type { OutboxItem, OutboxList, ReviewCounts } from "@/bindings/wire";
import { ApiError, call } from "@/platform";
import type { Text } from "@/text";

type Action = "withdraw" | "resend" | "openNotice" | "take" | "acknowledge";

/** What may be done with a submission as it stands. */
export function actions({
  state,
  kind,
  isPartial,
  own,
}: Pick<OutboxItem, "state" | "kind" | "isPartial" | "own">): readonly Action[] {
  // Some lines were taken: sent again they would come twice.
  if (isPartial) return kind === "order.submit" ? ["take", "acknowledge"] : ["acknowledge"];
  switch (state) {
    case "queued":
      return ["withdraw"];
    case "refused":
      return ["resend", "withdraw"];
    case "awaitingReview":
      return own ? ["withdraw"] : [];
    case "returned":
      return own ? ["resend", "withdraw"] : [];
    case "needsDecision":
      return ["openNotice"];
    default:
      return [];
  }
}

/** Who entered it, and for whom. */
export function makerOf({ actorName, onBehalfOf }: OutboxItem, { office }: Text): string {
  return onBehalfOf === null ? actorName : `${actorName}（${office.covers(onBehalfOf)}）`;
}

/** The submissions, the newest first, as many pages as were asked for. */
export function useOutbox() {
  const items = shallowRef<readonly OutboxItem[]>([]);
  const before = ref<number | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const busy = ref(false);
  const loaded = ref(false);
  const waiting = ref(0);
  const attention = ref(0);
  const review = shallowRef<ReviewCounts>({ toReview: 0, awaiting: 0, returned: 0 });
  let pages = 1;
  let again = false;

  /** Reads the pages shown so far anew. */
  async function load(): Promise<void> {
    if (busy.value) {
      again = true;
      return;
    }
    busy.value = true;
    try {
      do {
        again = false;
        await read();
      } while (again);
      error.value = null;
      loaded.value = true;
    } catch (reason) {
      error.value = ApiError.from(reason);
    } finally {
      busy.value = false;
    }
  }

  async function read(): Promise<void> {
    const found: OutboxItem[] = [];
    let next: number | null = null;
    for (let page = 0; page < pages; page++) {
      const list: OutboxList = await call("outbox_list", { before: next });
      found.push(...list.items);
      next = list.before;
      waiting.value = list.waiting;
      attention.value = list.attention;
      review.value = list.review;
      if (next === null) break;
    }
    items.value = found;
    before.value = next;
  }

  /** Shows one page more. */
  async function more(): Promise<void> {
    pages++;
    await load();
  }

  /** Puts the item that an action answered in the place of the old one. */
  async function act(
    command: "outbox_withdraw" | "outbox_resend" | "outbox_acknowledge",
    key: string,
  ): Promise<void> {
    const item = await call(command, { key });
    items.value = items.value.map((other) => (other.key === key ? item : other));
    await load();
  }

  return {
    items: computed(() => items.value),
    hasMore: computed(() => before.value !== null),
    waiting: computed(() => waiting.value),
    attention: computed(() => attention.value),
    review: computed(() => review.value),
    error,
    busy,
    loaded,
    load,
    more,
    withdraw: (key: string) => act("outbox_withdraw", key),
    resend: (key: string) => act("outbox_resend", key),
    acknowledge: (key: string) => act("outbox_acknowledge", key),
    /** The refused lines of an order go into a new draft; answers which. */
    async take(key: string): Promise<string> {
      const { id } = await call("order_refused_take", { key });
      await load();
      return id;
    },
  };
}
