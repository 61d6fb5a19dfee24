import { computed, ref, shallowRef, type Ref } from "vue";
import type { Attachment, DeliveryDetail, DeliveryLine, ScanFound, ScannedLine } from "@/bindings/wire";
import { errorText } from "@/errorText";
import { draftOf, KeptDraft } from "@/frame/keptDraft";
import { ApiError, call } from "@/platform";
import { useText } from "@/useText";
import { entriesOf, isBlank, scanInto, type Entry } from "./receipt";

interface ReceiptFields {
  readonly lines: readonly Entry[];
  /** Photos and papers of the goods. */
  readonly attachments: readonly Attachment[];
}
const NOTHING: ReceiptFields = { lines: [], attachments: [] };

/** The receipt being written of a delivery; the same one whenever it is asked for. */
export function receiptDraft(delivery: string): KeptDraft<ReceiptFields> {
  return draftOf(
    `receipt/${delivery}`,
    () =>
      new KeptDraft<ReceiptFields>(NOTHING, ({ lines, attachments }) =>
        call("receipt_draft_save", { delivery, lines: [...lines], attachments: [...attachments] }),
      ),
  );
}

/** Gives the draft what the backend knows of the delivery; what was typed here and not sent stays. */
export function offerDelivery({ row, lines, draft: stored }: DeliveryDetail): void {
  const draft = receiptDraft(row.id);
  if (stored)
    draft.take({ lines: entriesOf(lines, stored.lines), attachments: stored.attachments }, stored.editedAt);
  else if (!draft.touched) draft.restart({ lines: entriesOf(lines, []), attachments: [] });
}

/** What the last scan came to. */
export interface ScanNews {
  readonly tone: "info" | "success" | "warning" | "danger";
  readonly words: string;
  /** Another delivery that the label belongs to. */
  readonly elsewhere?: string | undefined;
}

/**
 * Scanning: a label is looked up in the open delivery, else in all, and counted. `open` opens a delivery and answers its
 * detail; `counted` hears which entry it was.
 */
export function useScanning(
  opened: Ref<DeliveryDetail | null>,
  open: (delivery: string) => Promise<DeliveryDetail | null>,
  counted: (line: string, at: number) => void,
) {
  const text = useText();
  const t = computed(() => text.value.receiving.scan);
  const news = shallowRef<ScanNews | null>(null);
  const choice = shallowRef<{ found: ScanFound; lines: readonly ScannedLine[] } | null>(null);
  const busy = ref(false);
  /** Codes are counted one after the other, in the order of their scans. */
  let last: Promise<void> = Promise.resolve();

  function scan(code: string): Promise<void> {
    last = last.then(() => look(code));
    return last;
  }

  async function look(code: string): Promise<void> {
    busy.value = true;
    news.value = { tone: "info", words: t.value.reading };
    try {
      const delivery = opened.value?.row.id ?? null;
      const here = await call("delivery_scan", { code, delivery });
      if (!here.valid) return say("danger", t.value.unreadable(here.reason ?? ""));
      const found = here.lines.length > 0 || delivery === null ? here : await elsewhere(code);
      const best = found.lines.filter(({ fit }) => fit === found.lines[0]!.fit);
      if (found.lines.length === 0) return say("danger", t.value.unknown);
      if (found !== here) {
        const { deliveryCode, supplier, delivery: other } = found.lines[0]!;
        news.value = { tone: "warning", words: t.value.elsewhere(deliveryCode, supplier), elsewhere: other };
      } else if (best.length > 1) choice.value = { found, lines: best };
      else await count(found, best[0]!);
    } catch (reason) {
      say("danger", t.value.failed(errorText(ApiError.from(reason), text.value)));
    } finally {
      busy.value = false;
    }
  }
  const elsewhere = (code: string) => call("delivery_scan", { code, delivery: null });

  async function count(found: ScanFound, { delivery, line: { id } }: ScannedLine): Promise<void> {
    choice.value = null;
    const detail = opened.value?.row.id === delivery ? opened.value : await open(delivery);
    const line = detail?.lines.find((one) => one.id === id);
    if (!line || !found.label) return;
    const draft = receiptDraft(delivery);
    const { entries, at, outcome } = scanInto(draft.fields.value.lines, line, found.label);
    if (outcome === "counted") draft.change({ lines: entries });
    const { received } = entries[at] ?? { received: "" };
    if (outcome === "counted") say("success", t.value.counted(line.product, received, line.unit));
    else say("warning", t.value[outcome](line.product));
    counted(id, at);
  }

  function say(tone: ScanNews["tone"], words: string): void {
    if (choice.value === null) news.value = { tone, words };
  }
  return {
    news,
    choice,
    busy,
    scan,
    choose: (line: ScannedLine) => (choice.value ? count(choice.value.found, line) : undefined),
    dismiss: () => {
      choice.value = null;
      news.value = null;
    },
  };
}

/** Lines that this receipt leaves for later. */
export function linesLeft(lines: readonly DeliveryLine[], entries: readonly Entry[]): number {
  return lines.filter(
    ({ id, left }) => left !== "0" && entries.every((entry) => entry.line !== id || isBlank(entry)),
  ).length;
}
