import type { Component } from "vue";
import type { IconName } from "@/kit/icons";
import type { RoomId } from "./navigation";

/** A room in the left rail. */
export interface Room {
  readonly id: RoomId;
  readonly icon: IconName;
  /** What opens it, as `Alt+1`. */
  readonly keys: string;
  /** Its screen; loaded when first entered. */
  readonly screen: Component;
  /** Things in it that want somebody; none when 0. Read reactively. */
  count?(): number;
}
