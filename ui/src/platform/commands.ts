import type { GridLayout } from "@/kit/grid/columns";
import type { Preferences } from "@/frame/preferences";

/** Every command of the backend, with what it takes and what it answers. */
export interface Commands {
  preferences_load: { request: null; response: Partial<Preferences> };
  preferences_save: { request: Preferences; response: null };
  grid_layout_load: { request: { grid: string }; response: GridLayout | null };
  grid_layout_save: { request: { grid: string; layout: GridLayout }; response: null };
}
