import type { Component } from "vue";
import type { IconName } from "@/kit/icons";
import type { RoomId } from "./navigation";

/** A room in the left rail. Its place in the list is its Alt key. */
export interface Room {
  readonly id: RoomId;
  readonly icon: IconName;
  /** Its screen; loaded when first entered. */
  readonly screen: Component;
  /** Things in it that want somebody; none when 0. Read reactively. */
  count?(): number;
}
