import { ref } from "vue";

export type TextSize = "normal" | "large" | "larger";

/** Root font size by text size, px. Every length of the kit is in rem, so all of it grows. */
export const ROOT_FONT_SIZE: Record<TextSize, number> = { normal: 14, large: 16, larger: 18.5 };

/** Pixels of one rem, for what has to be computed in pixels. */
export const rem = ref(ROOT_FONT_SIZE.normal);

export function setTextSize(size: TextSize): void {
  rem.value = ROOT_FONT_SIZE[size];
  document.documentElement.style.fontSize = `${rem.value}px`;
}
