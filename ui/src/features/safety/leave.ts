import { flushDrafts } from "@/frame/keptDraft";
import { setSession } from "@/frame/session";
import { ApiError, call } from "@/platform";

/** Locks by hand. What is being typed is saved first; where that fails nothing is locked, and the reason is thrown. */
export async function lockNow(): Promise<void> {
  if (!(await flushDrafts())) throw new ApiError("draftUnsaved");
  setSession(await call("profile_lock", {}));
}

/** Signs the person at work out. What is being typed is saved first. */
export async function signOut(): Promise<void> {
  if (!(await flushDrafts())) throw new ApiError("draftUnsaved");
  setSession(await call("sign_out", {}));
}
