import type { Attachment } from "@/bindings/wire";
import { errorText } from "@/errorText";
import { ApiError, call } from "@/platform";
import type { Text } from "@/text";

/** The platform's limit for one file, bytes. */
export const LARGEST = 20 * 1024 * 1024;
/** A large file takes its time on a weak PC. */
const ATTACH_TIMEOUT_MS = 120_000;

/** `3.2 MB`, `410 KB`; one digit behind the point where it says something. */
export function sizeText(bytes: number, text: Text): string {
  const mb = bytes / (1024 * 1024);
  if (mb >= 1) return text.notices.sizeMb(mb.toFixed(1));
  return text.notices.sizeKb(String(Math.max(1, Math.round(bytes / 1024))));
}

/** The file's bytes in base64. */
export function readBase64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result).replace(/^[^,]*,/, "")));
    reader.addEventListener("error", () => reject(new ApiError("attachmentUnreadable")));
    reader.readAsDataURL(file);
  });
}

/** Copies a file into the profile. The message of a failure is for the user. */
export async function attach(file: File, text: Text): Promise<Attachment | { problem: string }> {
  const name = file.name || text.notices.pasted;
  if (file.size > LARGEST) return { problem: text.notices.tooLarge(name, sizeText(file.size, text)) };
  try {
    const contentBase64 = await readBase64(file);
    return await call("notice_attach", { name, contentBase64 }, { timeoutMs: ATTACH_TIMEOUT_MS });
  } catch (reason) {
    const error = ApiError.from(reason);
    return { problem: text.notices.attachFailed(name, errorText(error, text)) };
  }
}
