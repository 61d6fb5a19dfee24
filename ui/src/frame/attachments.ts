import type { AttachReq, Attachment } from "@/bindings/wire";
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
  if (mb >= 1) return text.frame.files.mb(mb.toFixed(1));
  return text.frame.files.kb(String(Math.max(1, Math.round(bytes / 1024))));
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
  const name = file.name || text.frame.files.pasted;
  if (file.size > LARGEST) return { problem: text.frame.files.tooLarge(name, sizeText(file.size, text)) };
  try {
    const contentBase64 = await readBase64(file);
    return await copyIn({ name, contentBase64, path: null });
  } catch (reason) {
    return failed(name, reason, text);
  }
}

/** Copies a file that was dropped onto the window into the profile. The message of a failure is for the user. */
export async function attachDropped(path: string, text: Text): Promise<Attachment | { problem: string }> {
  const name = path.split(/[\\/]/).pop() ?? path;
  try {
    return await copyIn({ name, contentBase64: null, path });
  } catch (reason) {
    return failed(name, reason, text);
  }
}

const copyIn = (request: AttachReq) => call("notice_attach", request, { timeoutMs: ATTACH_TIMEOUT_MS });

function failed(name: string, reason: unknown, text: Text): { problem: string } {
  return { problem: text.frame.files.failed(name, errorText(ApiError.from(reason), text)) };
}
