// window-picture.mjs PROGRAM PICTURE [ARGUMENT...]: starts PROGRAM, waits until its page 今日 is shown, takes a picture
// of the screen and prints what it saw as JSON. Needs a screen (session.sh --window) and WebKitWebDriver.
import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 120_000;
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const [program, picture, ...args] = process.argv.slice(2);

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
  env: { ...process.env, TAURI_WEBVIEW_AUTOMATION: "true" },
  stdio: ["ignore", "ignore", "inherit"],
});
let session = null;
let failed = null;
try {
  await until("WebKitWebDriver answers", () => ask("GET", "/status"));
  const made = await ask("POST", "/session", {
    capabilities: { alwaysMatch: { "webkitgtk:browserOptions": { binary: program, args } } },
  });
  session = `/session/${made.sessionId}`;
  const page = await until("the page 今日 is shown", () => find('[data-test="today"]'));
  await until("its notices are shown", () => find('[data-test^="today-notice-"]'));
  await sleep(500); // the last picture of a transition
  const title = await ask("GET", `${session}/title`);
  const shot = spawnSync("import", ["-window", "root", picture], { stdio: ["ignore", "ignore", "inherit"] });
  if (shot.status !== 0) throw new Error(`no picture: import ended with ${shot.status}`);
  console.log(JSON.stringify({ verb: "window", result: { title, shown: page !== null, picture } }));
} catch (error) {
  failed = error;
  spawnSync("import", ["-window", "root", picture]);
} finally {
  if (session !== null) await ask("DELETE", session).catch(() => {});
  driver.kill();
}
if (failed !== null) {
  console.error(`${failed.message}; the screen is in ${picture}`);
  process.exitCode = 1;
}

async function ask(method, path, body) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${value?.error} ${value?.message ?? ""}`);
  return value;
}

async function find(selector) {
  const found = await ask("POST", `${session}/element`, { using: "css selector", value: selector });
  return found[ELEMENT];
}

async function until(what, attempt) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw new Error(`in vain: ${what} (${error.message})`);
      await sleep(200);
    }
  }
}
