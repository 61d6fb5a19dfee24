import type { ItemSort, ItemState, ReconcileRow } from "@/bindings/wire";
import { quantity } from "@/frame/format";
import type { Tone } from "@/kit/Badge.vue";
import type { IconName } from "@/kit/icons";
import type { reconcile } from "./text";

/** How an item looks: a shape and a colour that repeats it. */
export const STATE_LOOK: Record<ItemState, { tone: Tone; icon: IconName }> = {
  open: { tone: "warning", icon: "alert" },
  waiting: { tone: "info", icon: "clock" },
  filed: { tone: "info", icon: "send" },
  accepted: { tone: "success", icon: "check" },
};

export const SORT_ICON: Record<ItemSort, IconName> = {
  difference: "scale",
  proposal: "search",
  pair: "check",
};

/** What an item is called: its difference, or what sort of item it is. */
export function itemName({ kind, sort }: Pick<ReconcileRow, "kind" | "sort">, t: typeof reconcile): string {
  return kind === null ? t.sorts[sort] : t.kindNames[kind];
}

/** The pass that found a pair, in words; empty where there is none. */
export function passName(pass: number | null, t: typeof reconcile): string {
  return pass === null ? "" : t.passOf(pass, t.passes[pass] ?? "");
}

export function shownQuantity(value: string | null, none: string): string {
  return value === null ? none : quantity(value);
}

export type ItemAct = "accept" | "link" | "split" | "unlink" | "note" | "assign" | "reopen" | "file";

/** What may be done with an item, the most likely first. */
export function actsOf(
  row: Pick<ReconcileRow, "sort" | "kind" | "state" | "filing" | "platformLines" | "ledgerLines">,
): ItemAct[] {
  const { sort, kind, state, filing, platformLines, ledgerLines } = row;
  if (sort === "pair") {
    const many = platformLines + ledgerLines > 2;
    return many ? ["unlink", "split", "note"] : ["unlink", "note"];
  }
  if (sort === "proposal") return ["accept", "link", "unlink", "note", "assign"];
  const acts: ItemAct[] = [];
  if (state === "open" || state === "waiting") {
    const refused = filing?.state === "refused" || filing?.state === "withdrawn";
    if (kind === "notOnPlatform" && (filing === null || refused)) acts.push("file");
    acts.push("accept");
    if (state === "open") acts.push("assign");
  } else acts.push("reopen");
  const oneSided = platformLines === 0 || ledgerLines === 0;
  if (oneSided && (state === "open" || state === "waiting")) acts.push("link");
  if (!oneSided) acts.push(platformLines + ledgerLines > 2 ? "split" : "unlink");
  acts.push("note");
  return acts;
}

/** The key of each act. */
export const ACT_KEY: Record<ItemAct, string> = {
  accept: "A",
  link: "L",
  split: "P",
  unlink: "U",
  note: "N",
  assign: "O",
  reopen: "R",
  file: "F",
};
