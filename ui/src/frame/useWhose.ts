import { ref, type Ref } from "vue";

export type Whose = "mine" | "all";

/** One choice for every room, for as long as the window is open. */
const whose = ref<Whose>("mine");

/** Whether the rooms show what the person at work looks after, or everything. */
export function useWhose(): Ref<Whose> {
  return whose;
}
