import { createApp } from "vue";
import { startPreferences } from "@/frame/preferences";
import "@/kit/tokens.css";
import { connect } from "@/platform";
import Gallery from "./Gallery.vue";

/** Every part of the kit on one page, for looking at and for the screen tests. Never shipped. */
async function start(): Promise<void> {
  await connect();
  const wanted = Object.fromEntries(new URLSearchParams(location.search));
  await startPreferences({ load: async () => wanted, save: async () => undefined });
  createApp(Gallery, { page: location.hash.slice(1) || "controls" }).mount("#app");
}

void start();
