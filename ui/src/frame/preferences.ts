import { reactive, watch } from "vue";
import { setTextSize, type TextSize } from "@/kit/rem";
import { setLocale, type Locale } from "@/useText";

export type Theme = "system" | "light" | "dark" | "contrast";

export interface Preferences {
  theme: Theme;
  textSize: TextSize;
  locale: Locale;
}

/** Where preferences are kept: the backend, or a variable in tests. */
export interface PreferenceStore {
  load(): Promise<Partial<Preferences>>;
  save(preferences: Preferences): Promise<unknown>;
}

const CHOICES: { [Name in keyof Preferences]: readonly Preferences[Name][] } = {
  theme: ["system", "light", "dark", "contrast"],
  textSize: ["normal", "large", "larger"],
  locale: ["zh-CN", "en"],
};

/** How the window looks; change it and the window follows. */
export const preferences = reactive<Preferences>({ theme: "system", textSize: "normal", locale: "zh-CN" });

/** What an older or newer version stored, without what this one does not know. */
export function knownPreferences(stored: Partial<Record<keyof Preferences, unknown>>): Partial<Preferences> {
  const entries = (Object.keys(CHOICES) as (keyof Preferences)[])
    .filter((name) => (CHOICES[name] as readonly unknown[]).includes(stored[name]))
    .map((name) => [name, stored[name]]);
  return Object.fromEntries(entries) as Partial<Preferences>;
}

/** The theme that `data-theme` gets. */
export function resolveTheme(
  theme: Theme,
  system: { dark: boolean; contrast: boolean },
): Exclude<Theme, "system"> {
  if (theme !== "system") return theme;
  if (system.contrast) return "contrast";
  return system.dark ? "dark" : "light";
}

/** Loads the preferences, applies them and every later change. Defaults stand when none can be read. */
export async function startPreferences(store: PreferenceStore): Promise<void> {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const contrast = window.matchMedia("(prefers-contrast: more)");
  const applyTheme = () => {
    const system = { dark: dark.matches, contrast: contrast.matches };
    document.documentElement.dataset.theme = resolveTheme(preferences.theme, system);
  };
  dark.addEventListener("change", applyTheme);
  contrast.addEventListener("change", applyTheme);
  watch(() => preferences.theme, applyTheme, { immediate: true });
  watch(() => preferences.textSize, setTextSize, { immediate: true });
  watch(
    () => preferences.locale,
    (locale) => void setLocale(locale),
  );

  const stored = await store.load().catch(() => ({}));
  Object.assign(preferences, knownPreferences(stored));
  watch(preferences, (next) => void store.save({ ...next }).catch(() => undefined));
}
