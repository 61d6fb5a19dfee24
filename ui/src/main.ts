import { createApp, watch } from "vue";
import Root from "./Root.vue";
import { rooms } from "./features/rooms";
import { loadPreferences, startPreferences, type PreferenceStore } from "./frame/preferences";
import { tellPresence } from "./frame/presence";
import { followSession, loadSession, profileOpen } from "./frame/session";
import { followSync, loadSync } from "./frame/status";
import "./kit/tokens.css";
import { tellWholeTexts } from "./kit/wholeText";
import { call, connect } from "./platform";

const store: PreferenceStore = {
  load: async () => (await call("preferences", {})).values,
  save: (key, value) => call("preference_set", { key, value }),
};

void start();

async function start(): Promise<void> {
  await connect();
  await startPreferences(store);
  await followSync();
  await followSession();
  tellPresence();
  tellWholeTexts(document);
  // Preferences and sync belong to the profile: ask again whenever it opens.
  watch(profileOpen, (open) => void Promise.all([loadSync(), open ? loadPreferences(store) : undefined]));
  await loadSession().catch(() => undefined);
  createApp(Root, { rooms }).mount("#app");
}
