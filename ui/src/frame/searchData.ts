import type { HitKind, SearchHit } from "@/bindings/wire";
import type { IconName } from "@/kit/icons";
import { call } from "@/platform";
import { useText } from "@/useText";
import type { RoomId } from "./navigation";
import { addSearchProvider } from "./search";

const KINDS: Record<HitKind, IconName> = {
  notice: "notice",
  order: "order",
  product: "package",
  org: "truck",
};

/** Open deliveries that the search shows. */
const DELIVERIES = 5;

/** Lets Ctrl+K find notices, orders, products, companies and deliveries to receive; answers a function that takes them out. */
export function searchData(go: (room: RoomId, args: Record<string, string>) => void): () => void {
  const text = useText();
  /** All kinds come in one answer, so they share one question. */
  let asked: { text: string; signal: AbortSignal; hits: Promise<SearchHit[]> } | undefined;
  function ask(typed: string, signal: AbortSignal): Promise<SearchHit[]> {
    if (asked?.text !== typed || asked.signal !== signal) {
      const hits = call("search", { text: typed }, { signal }).then((answer) => answer.hits);
      asked = { text: typed, signal, hits };
    }
    return asked.hits;
  }

  const removers = (Object.keys(KINDS) as HitKind[]).map((kind) =>
    addSearchProvider({
      id: kind,
      label: () => text.value.frame.found[kind],
      async search(typed, signal) {
        if (typed === "") return [];
        const hits = await ask(typed, signal);
        return hits
          .filter((hit) => hit.kind === kind)
          .map(({ id, title, detail }) => ({
            id: `${kind}-${id}`,
            title,
            note: detail,
            icon: KINDS[kind],
            open: () => (kind === "notice" ? go("notices", { id }) : go("orders", { text: title })),
          }));
      },
    }),
  );
  removers.push(
    addSearchProvider({
      id: "delivery",
      label: () => text.value.frame.foundDeliveries,
      async search(typed, signal) {
        if (typed === "") return [];
        const { rows } = await call("deliveries", { text: typed, campus: null }, { signal });
        return rows.slice(0, DELIVERIES).map(({ id, code, supplier }) => ({
          id: `delivery-${id}`,
          title: code,
          note: supplier,
          icon: "package",
          open: () => go("receiving", { delivery: id }),
        }));
      },
    }),
  );
  return () => removers.forEach((remove) => remove());
}
