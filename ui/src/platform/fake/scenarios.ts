import type { LockCause } from "@/bindings/wire";

/** Where the invented office begins. In a browser: `?scenario=offline`. */
export const SCENARIOS = {
  /** Signed in, up to date. */
  working: {},
  firstRun: { profile: "none" },
  /** First run on a system without a keyring: a passphrase is asked for. */
  firstRunNoKeyring: { profile: "none", keyring: false },
  /** A profile, but no platform yet. */
  notConnected: { connected: false },
  offline: { online: false },
  /** Signed in, and nobody has checked in today. */
  notCheckedIn: { notCheckedIn: true },
  /** A statutory holiday: no check-in. */
  holiday: { start: "2026-10-02T09:12:00+08:00" },
  /** Nothing is due. */
  empty: { empty: true },
  /** Signed in with a role that may only read and check in. */
  viewer: { viewer: true },
  /** A roster with somebody away, a reviewed kind, submissions in review, campuses. */
  office: { office: true },
  /** Nobody else ever signed in here. */
  alone: { alone: true },
  /** Locked after a while; two people have passphrases of their own. */
  idle: { lock: "idle", people: true },
  suspended: { lock: "suspended", people: true },
  byUser: { lock: "byUser" },
  passphrase: { lock: "passphrase" },
  keyringAbsent: { lock: "keyringAbsent" },
  keyringLocked: { lock: "keyringLocked" },
  keyMissing: { lock: "keyMissing" },
  keyFile: { lock: "keyFile" },
  databaseMissing: { lock: "databaseMissing" },
  damaged: { lock: "damaged" },
  /** Damage met while at work. */
  foundDamaged: { profile: "open", lock: "damaged" },
  tooNew: { lock: "tooNew" },
  inUse: { lock: "inUse" },
  readOnly: { lock: "readOnly" },
  diskFull: { lock: "diskFull" },
} satisfies Record<string, Start>;

export interface Start {
  profile?: "none" | "open";
  keyring?: boolean;
  connected?: boolean;
  online?: boolean;
  notCheckedIn?: boolean;
  empty?: boolean;
  lock?: LockCause;
  viewer?: boolean;
  people?: boolean;
  office?: boolean;
  alone?: boolean;
  /** The clock's first moment. */
  start?: string;
}

export type Scenario = keyof typeof SCENARIOS;

export function isScenario(name: string | null): name is Scenario {
  return name !== null && Object.keys(SCENARIOS).includes(name);
}
