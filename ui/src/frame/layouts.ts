import type { GridLayout, LayoutStore } from "@/kit/grid/columns";
import { call } from "@/platform";

/** Keeps the columns of each grid as the preference `grid.NAME`. */
export const layouts: LayoutStore = {
  async load(grid) {
    const { values } = await call("preferences", {});
    return parseLayout(values[`grid.${grid}`]);
  },
  async save(grid, layout) {
    await call("preference_set", { key: `grid.${grid}`, value: JSON.stringify(layout) });
  },
};

/** What was stored, or null where it is no layout: an older program may have written it. */
export function parseLayout(stored: string | undefined): GridLayout | null {
  if (stored === undefined) return null;
  try {
    const layout = JSON.parse(stored) as Partial<GridLayout> | null;
    if (!layout || !Array.isArray(layout.columns)) return null;
    return { columns: layout.columns.filter(isColumn), sort: layout.sort ?? null };
  } catch {
    return null;
  }
}

function isColumn(entry: Partial<GridLayout["columns"][number]> | null): boolean {
  return typeof entry?.key === "string" && typeof entry.width === "number";
}
