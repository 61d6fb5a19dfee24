import { ref } from "vue";
import type { Attachment } from "@/bindings/wire";
import { useText } from "@/useText";
import { attach, attachDropped } from "./attachments";

/** Files being added to something that is written: each is copied into the profile, one after the other. */
export function useFiles(kept: () => readonly Attachment[], keep: (files: Attachment[]) => void) {
  const text = useText();
  /** Names of those that are being copied. */
  const reading = ref<string[]>([]);
  /** Why some were not taken. */
  const problems = ref<string[]>([]);

  type Copying = { name: string; copy: () => ReturnType<typeof attach> };
  async function copyAll(files: readonly Copying[]): Promise<void> {
    problems.value = [];
    for (const { name, copy } of files) {
      reading.value = [...reading.value, name];
      const answer = await copy();
      reading.value = reading.value.slice(1);
      if ("problem" in answer) problems.value = [...problems.value, answer.problem];
      else keep([...kept().filter(({ sha256 }) => sha256 !== answer.sha256), answer]);
    }
  }

  const add = (files: readonly File[]) =>
    copyAll(files.map((file) => ({ name: file.name, copy: () => attach(file, text.value) })));
  return {
    reading,
    problems,
    add,
    /** Of files that the desktop's window tells by their paths. */
    addPaths: (paths: readonly string[]) =>
      copyAll(paths.map((path) => ({ name: path, copy: () => attachDropped(path, text.value) }))),
    remove: (sha256: string) => keep(kept().filter((file) => file.sha256 !== sha256)),
    /** Takes pasted files, and leaves pasted text alone. */
    paste(event: ClipboardEvent): void {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void add(files);
    },
  };
}
