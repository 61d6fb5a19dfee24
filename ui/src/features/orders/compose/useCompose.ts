import { computed, onScopeDispose, ref, shallowReactive, shallowRef, watch } from "vue";
import type { OrderCheck, OrderDraft, OrderDraftLine, ProductDetail } from "@/bindings/wire";
import { today } from "@/frame/status";
import { ApiError, call } from "@/platform";
import { keptOrder, lineFor, weigh, type Wish } from "./orderDraft";

/** Typing rests so long before the order is checked, ms. */
const CHECK_PAUSE_MS = 300;

/** An order that is being written: its lines, what the catalogue says of them, and what stands against them. */
export function useCompose(order: OrderDraft) {
  const draft = keptOrder(order);
  const fields = draft.fields;
  /** What the catalogue has of each product; null where it has gone. */
  const products = shallowReactive(new Map<string, ProductDetail | null>());
  const check = shallowRef<OrderCheck | null>(null);
  const checking = ref(false);
  let pause: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;

  async function know(product: string): Promise<ProductDetail | null> {
    const known = products.get(product);
    if (known !== undefined) return known;
    try {
      const found = await call("product", { product });
      products.set(product, found);
      return found;
    } catch (reason) {
      if (ApiError.from(reason).code === "notFound") products.set(product, null);
      return null;
    }
  }

  async function judge(): Promise<void> {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    const asked = fields.value;
    if (asked.lines.length === 0) {
      check.value = null;
      checking.value = false;
      return;
    }
    try {
      const answer = await call("order_check", asked, { signal: controller.signal });
      if (!controller.signal.aborted) check.value = answer;
    } catch {
      // Judged again at the next change, and by the core before it is sent.
    }
    if (!controller.signal.aborted) checking.value = false;
  }
  watch(
    () => fields.value,
    ({ lines }, before) => {
      for (const { product } of lines) void know(product);
      if (before !== undefined && lines.length !== before.lines.length) check.value = null;
      checking.value = lines.length > 0;
      clearTimeout(pause);
      pause = setTimeout(() => void judge(), CHECK_PAUSE_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(pause);
    running?.abort();
    void draft.flush();
  });

  function setLines(lines: readonly OrderDraftLine[]): void {
    draft.change({ lines: [...lines] });
  }
  return {
    draft,
    fields,
    products,
    check,
    checking,
    /** Of the whole order; null until it is checked. */
    weight: computed(() =>
      check.value === null ? null : weigh(check.value.lines.flatMap(({ obstacles }) => obstacles)),
    ),
    change: (part: Partial<OrderDraft>) => draft.change(part),
    put: (at: number, part: Partial<OrderDraftLine>) =>
      setLines(fields.value.lines.map((line, other) => (other === at ? { ...line, ...part } : line))),
    remove: (at: number) => setLines(fields.value.lines.filter((_, other) => other !== at)),
    /** Adds lines for products, as far as the catalogue has them; answers how many. */
    async add(wanted: readonly (Wish & { product: string })[]): Promise<number> {
      const found = await Promise.all(
        wanted.map(async ({ product, ...wish }) => ({ product: await know(product), wish })),
      );
      const lines = found.flatMap(({ product, wish }) =>
        product === null ? [] : [lineFor(product, today.value, wish)],
      );
      if (lines.length > 0) setLines([...fields.value.lines, ...lines]);
      return lines.length;
    },
    /** Checks now, so that what is sent was judged as it stands. */
    async checkNow(): Promise<OrderCheck | null> {
      clearTimeout(pause);
      await judge();
      return check.value;
    },
  };
}
