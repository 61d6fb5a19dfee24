import { shallowRef } from "vue";
import type { IconName } from "@/kit/icons";

/** Something that Ctrl+K finds. */
export interface SearchHit {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly icon: IconName;
  readonly keys?: string;
  open(): void;
}

/** A kind of things to find. Empty text means what is useful before anything is typed. */
export interface SearchProvider {
  readonly id: string;
  readonly label: () => string;
  search(text: string, signal: AbortSignal): Promise<readonly SearchHit[]>;
}

export const providers = shallowRef<readonly SearchProvider[]>([]);

/** Adds a kind of things to the search; answers a function that takes it out. */
export function addSearchProvider(provider: SearchProvider): () => void {
  providers.value = [...providers.value, provider];
  return () => (providers.value = providers.value.filter((other) => other !== provider));
}

/** Whether a command's words fit what is typed: every part somewhere, in any order. */
export function matches(typed: string, ...words: readonly string[]): boolean {
  const all = words.join(" ").toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((part) => all.includes(part));
}
