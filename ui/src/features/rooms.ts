import { defineAsyncComponent } from "vue";
import type { Room } from "@/frame/rooms";
import { sync } from "@/frame/status";

/** The rooms that exist, in the order of the rail. */
export const rooms: readonly Room[] = [
  {
    id: "today",
    icon: "sun",
    keys: "Alt+1",
    screen: defineAsyncComponent(() => import("./today/TodayScreen.vue")),
  },
  {
    id: "notices",
    icon: "notice",
    keys: "Alt+2",
    screen: defineAsyncComponent(() => import("./notices/NoticesScreen.vue")),
  },
  {
    id: "orders",
    icon: "order",
    keys: "Alt+3",
    screen: defineAsyncComponent(() => import("./orders/OrdersScreen.vue")),
  },
  {
    id: "receiving",
    icon: "package",
    keys: "Alt+4",
    screen: defineAsyncComponent(() => import("./receiving/ReceivingScreen.vue")),
  },
  {
    id: "reconcile",
    icon: "scale",
    keys: "Alt+5",
    screen: defineAsyncComponent(() => import("./reconcile/ReconcileScreen.vue")),
  },
  {
    id: "volume",
    icon: "volume",
    keys: "Alt+6",
    screen: defineAsyncComponent(() => import("./volume/VolumeScreen.vue")),
  },
  {
    id: "supply",
    icon: "supply",
    keys: "Alt+7",
    screen: defineAsyncComponent(() => import("./supply/SupplyScreen.vue")),
  },
  {
    id: "catalogue",
    icon: "book",
    keys: "Alt+8",
    screen: defineAsyncComponent(() => import("./catalogue/CatalogueScreen.vue")),
  },
  {
    id: "analysis",
    icon: "chart",
    keys: "Alt+9",
    screen: defineAsyncComponent(() => import("./analysis/AnalysisScreen.vue")),
  },
  {
    id: "outbox",
    icon: "send",
    keys: "Alt+0",
    screen: defineAsyncComponent(() => import("./outbox/OutboxScreen.vue")),
    count: () => sync.value.attention,
  },
  {
    id: "settings",
    icon: "settings",
    keys: "Ctrl+,",
    screen: defineAsyncComponent(() => import("./settings/SettingsScreen.vue")),
  },
];
