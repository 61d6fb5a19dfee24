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
  load(): Promise<Record<string, string>>;
  save(name: keyof Preferences, value: string): Promise<unknown>;
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

/** Applies the preferences and every later change, and keeps what the user changes. Defaults stand when none can be read. */
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
  await loadPreferences(store);
  for (const name of Object.keys(CHOICES) as (keyof Preferences)[]) {
    watch(
      () => preferences[name],
      (value) => {
        if (kept[name] === value) return;
        kept[name] = value;
        void store.save(name, value).catch(() => undefined);
      },
    );
  }
}

/** What the store holds, so that what was just read is not written back. */
let kept: Record<string, string> = {};

/** Reads the preferences again, for instance after unlocking: they lie in the profile. */
export async function loadPreferences({ load }: Pick<PreferenceStore, "load">): Promise<void> {
  kept = { ...(await load().catch(() => ({}))) };
  Object.assign(preferences, knownPreferences(kept));
}
