import { beforeEach, describe, expect, it } from "vitest";
import { loadSession, session } from "@/frame/session";
import { connectTo } from "@/platform";
import { browserTransport, useFakeBackend } from "@/platform/browser";
import type { Scenario } from "@/platform/fake/scenarios";
import { useFirstRun } from "./firstRun";

async function begin(scenario: Scenario) {
  connectTo(browserTransport({ scenario }));
  await loadSession();
  return useFirstRun();
}

beforeEach(() => (session.value = null));

describe("the first run", () => {
  it("shows the recovery code before anything else, and starts the demo after it", async () => {
    const run = await begin("firstRun");
    await run.choose("demo");
    expect(run.step.value).toBe("recovery");
    expect(run.recoveryCode.value).toMatch(/^(\w{5}-){7}\w{5}$/);
    expect(session.value?.profile).toBe("none");
    await run.keptCode();
    expect(run.recoveryCode.value).toBe("");
    expect(session.value?.connection?.demo).toBe(true);
  });

  it("goes on to the sign-in when the platform was chosen", async () => {
    const run = await begin("firstRun");
    await run.choose("connect");
    await run.keptCode();
    expect(run.step.value).toBe("signIn");
    expect(session.value?.profile).toBe("open");
  });

  it("asks for a passphrase without a keyring", async () => {
    const run = await begin("firstRunNoKeyring");
    await run.choose("demo");
    expect(run.step.value).toBe("passphrase");
    await run.setPassphrase("long enough");
    expect(run.step.value).toBe("recovery");
  });

  it("makes no second profile when only the platform is missing", async () => {
    const run = await begin("notConnected");
    await run.choose("demo");
    expect(session.value?.connection?.demo).toBe(true);
  });

  it("comes back to the choice with the reason when the demo does not start", async () => {
    const run = await begin("firstRun");
    await run.choose("demo");
    useFakeBackend({ demo_start: () => Promise.reject({ code: "diskFull", field: null, incident: null }) });
    await run.keptCode();
    expect(run.step.value).toBe("welcome");
    expect(run.error.value?.code).toBe("diskFull");
    useFakeBackend({ demo_start: () => Promise.reject({ code: "timedOut", field: null, incident: null }) });
    await run.choose("demo");
    expect(run.error.value?.code).toBe("timedOut");
  });
});
