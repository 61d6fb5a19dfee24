import { createApp } from "vue";
import App from "./App.vue";
import { rooms } from "./features/rooms";
import { startPreferences } from "./frame/preferences";
import "./kit/tokens.css";
import { call, connect } from "./platform";

void start();

async function start(): Promise<void> {
  await connect();
  await startPreferences({
    load: () => call("preferences_load", null),
    save: (preferences) => call("preferences_save", preferences),
  });
  createApp(App, { rooms }).mount("#app");
}
