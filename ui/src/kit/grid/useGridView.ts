import { computed, onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref } from "vue";
import { rem } from "../rem";
import { poolSize, revealRow, rowWindow, slotRow } from "./gridModel";
import { PageCache, type PageSource } from "./pageCache";
import { ScrollScale } from "./scrollScale";

/** How long the scroll bar rests before it is put where the shown rows belong, ms. */
const SETTLE_MS = 160;

export interface GridSlot<Row> {
  slot: number;
  index: number;
  row: Row | undefined;
  failed: boolean;
  /** Distance from the first row's place, px. */
  y: number;
}

/** Scrolling, the drawn rows and their pages. */
export function useGridView<Row>(
  scroller: Ref<HTMLElement | null>,
  source: Ref<PageSource<Row> | null>,
  /** rem */
  rowHeight: Ref<number>,
  /** Header and totals, rem. */
  framing: Ref<number>,
) {
  const viewHeight = ref(0);
  const viewWidth = ref(0);
  const top = ref(0);
  const scrolled = ref(0);
  const revision = ref(0);
  const total = ref(0);
  const cache = shallowRef<PageCache<Row> | null>(null);

  const rowPx = computed(() => Math.round(rowHeight.value * rem.value));
  const framingPx = computed(() => Math.round(framing.value * rem.value));
  const bodyHeight = computed(() => Math.max(0, viewHeight.value - framingPx.value));
  const scale = computed(() => new ScrollScale(total.value * rowPx.value, bodyHeight.value));
  const drawn = computed(() => rowWindow(top.value, bodyHeight.value, rowPx.value, total.value));

  const slots = computed<GridSlot<Row>[]>(() => {
    void revision.value;
    const size = poolSize(bodyHeight.value, rowPx.value);
    const shift = scrolled.value - top.value;
    const result: GridSlot<Row>[] = [];
    for (let slot = 0; slot < size; slot++) {
      const index = slotRow(slot, size, drawn.value);
      if (index === null) continue;
      const row = cache.value?.row(index);
      const failed = row === undefined && cache.value?.failure(index) !== undefined;
      result.push({ slot, index, row, failed, y: index * rowPx.value + shift });
    }
    return result;
  });

  function onScroll(): void {
    const after = scroller.value?.scrollTop ?? 0;
    if (Math.abs(after - scrolled.value) < 0.5) return;
    top.value = scale.value.follow(top.value, scrolled.value, after, bodyHeight.value);
    scrolled.value = after;
    settleLater();
  }

  /** Shows the content from `next`, px, with the scroll bar where it belongs. */
  function scrollTo(next: number): void {
    const to = Math.min(Math.max(0, next), scale.value.maxTop);
    if (scroller.value) {
      scroller.value.scrollTop = scale.value.toScroll(to);
      scrolled.value = scroller.value.scrollTop;
    }
    top.value = to;
  }

  function reveal(row: number): void {
    if (row >= 0) scrollTo(revealRow(row, top.value, bodyHeight.value, rowPx.value));
  }

  // Small movements leave the scroll bar off its place; it is corrected when the hand rests.
  let settling: ReturnType<typeof setTimeout> | undefined;
  function settleLater(): void {
    clearTimeout(settling);
    if (scale.value.exact) return;
    settling = setTimeout(() => scrollTo(top.value), SETTLE_MS);
  }

  let stopListening: (() => void) | undefined;
  function open(next: PageSource<Row> | null): void {
    cache.value?.stop();
    stopListening?.();
    stopListening = undefined;
    cache.value = next && new PageCache<Row>(next, () => revision.value++);
    total.value = next?.total() ?? 0;
    if (next?.onChange) {
      stopListening = next.onChange(() => {
        total.value = next.total();
        cache.value?.refresh();
        scrollTo(top.value);
      });
    }
    scrollTo(0);
  }
  watch(source, open, { immediate: true });

  watch(
    [drawn, cache, revision],
    ([{ first, last }]) => {
      if (last >= first && bodyHeight.value > 0) cache.value?.show(first, last);
    },
    { immediate: true, flush: "post" },
  );

  let observer: ResizeObserver | undefined;
  onMounted(() => {
    const element = scroller.value!;
    const measure = () => {
      viewHeight.value = element.clientHeight;
      viewWidth.value = element.clientWidth;
      if (scale.value.maxTop < top.value) scrollTo(top.value);
    };
    measure();
    observer = new ResizeObserver(measure);
    observer.observe(element);
  });
  // Another text size: stay at the same row.
  watch(rowPx, (now, before) => scrollTo((top.value / before) * now), { flush: "post" });

  /** A kept-alive screen loses its scroll position while it is out of the document. */
  function restore(): void {
    scrollTo(top.value);
  }

  onBeforeUnmount(() => {
    clearTimeout(settling);
    observer?.disconnect();
    stopListening?.();
    cache.value?.stop();
  });

  const loading = computed(() => {
    void revision.value;
    return cache.value?.loading ?? false;
  });

  return {
    slots,
    total,
    cache,
    rowPx,
    viewWidth,
    spacer: computed(() => scale.value.height),
    pageRows: computed(() => Math.max(1, Math.floor(bodyHeight.value / rowPx.value) - 1)),
    loading,
    drawn,
    onScroll,
    reveal,
    restore,
  };
}
