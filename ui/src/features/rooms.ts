import { defineAsyncComponent } from "vue";
import type { Room } from "@/frame/rooms";
import { sync } from "@/frame/status";

/** The rooms that exist, in the order of the rail. */
export const rooms: readonly Room[] = [
  { id: "today", icon: "sun", screen: defineAsyncComponent(() => import("./today/TodayScreen.vue")) },
  {
    id: "notices",
    icon: "notice",
    screen: defineAsyncComponent(() => import("./notices/NoticesScreen.vue")),
  },
  { id: "orders", icon: "order", screen: defineAsyncComponent(() => import("./orders/OrdersScreen.vue")) },
  {
    id: "outbox",
    icon: "send",
    screen: defineAsyncComponent(() => import("./outbox/OutboxScreen.vue")),
    count: () => sync.value.attention,
  },
  {
    id: "settings",
    icon: "settings",
    screen: defineAsyncComponent(() => import("./settings/SettingsScreen.vue")),
  },
];
