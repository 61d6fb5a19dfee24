import { ref, shallowRef, type Ref } from "vue";
import { zh, type Text } from "./text";

export type Locale = "zh-CN" | "en";

const text = shallowRef<Text>(zh);
const locale = ref<Locale>("zh-CN");

/** The window's texts in the chosen language; reactive. */
export function useText(): Readonly<Ref<Text>> {
  return text;
}

export function useLocale(): Readonly<Ref<Locale>> {
  return locale;
}

/** Changes the language. English is fetched from the program's own files when first chosen. */
export async function setLocale(next: Locale): Promise<void> {
  text.value = next === "en" ? (await import("./text.en")).en : zh;
  locale.value = next;
  document.documentElement.lang = next;
}
