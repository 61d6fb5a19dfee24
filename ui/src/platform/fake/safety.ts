import type {
  ApiError,
  BackupRow,
  BackupState,
  BundleState,
  Commands,
  ErrorCode,
  LockSettings,
  PersonRow,
} from "@/bindings/wire";
import type { Clock } from "./clock";
import { CONNECTION } from "./people";

type Of<Name extends keyof Commands> = (
  request: Commands[Name]["request"],
) => Commands[Name]["answer"] | Promise<Commands[Name]["answer"]>;
type Names =
  | "activity"
  | "lock_settings"
  | "lock_settings_set"
  | "people"
  | "person_passphrase_set"
  | "person_passphrase_remove"
  | "backup_now"
  | "backup_settings"
  | "backup_settings_set"
  | "backups_list"
  | "profile_restore"
  | "bundle_state"
  | "bundle_export"
  | "bundle_relay"
  | "bundle_import";

const FOLDER = "D:\\阳采备份";
/** The wrong recovery code of a backup is told from the right one by this. */
const RECOVERY = "000G40R40M30E209185GR38E1W8124GK2GAWF9Y0";
const LATER_MS = 600;

const fail = (code: ErrorCode, field: string | null = null): never => {
  throw { code, field, incident: null } satisfies ApiError;
};
const later = () => new Promise((resolve) => setTimeout(resolve, LATER_MS));

/** People, the lock, backups and bundles of the invented office. */
export class Safety {
  /** Own passphrases by sign-in name. */
  readonly passphrases = new Map<string, string>();
  private readonly wrong = { count: 0 };
  private idle: number | null = null;
  private backups: BackupRow[];
  private state: BackupState;
  private out = 0;
  private bundles: Pick<BundleState, "lastExport" | "lastImport"> = { lastExport: null, lastImport: null };

  constructor(
    private readonly clock: Clock,
    /** Who is at work. */
    private readonly me: () => { user: string; name: string; signedIn: boolean } | null,
    private readonly waiting: () => number,
  ) {
    this.backups = [
      this.row("sunbench-20261119-183000.snbk", "2026-11-19T18:30:00+08:00", true),
      this.row("sunbench-20261118-183000.snbk", "2026-11-18T18:30:00+08:00", true),
    ];
    this.state = {
      enabled: true,
      folder: FOLDER,
      everyDays: 1,
      keepDaily: 7,
      keepWeekly: 4,
      keepMonthly: 12,
      lastGoodAt: "2026-11-19T18:30:00+08:00",
      last: {
        at: "2026-11-19T18:30:00+08:00",
        ok: true,
        file: `${FOLDER}\\sunbench-20261119-183000.snbk`,
        error: null,
      },
      nextAt: "2026-11-20T18:30:00+08:00",
      running: false,
      attention: false,
    };
  }

  /** Unlocks as the core does: counts wrong passphrases, and refuses for a while after the third. */
  unlock(user: string, typed: string): void {
    if (this.retryAfterS() > 0) fail("tooManyAttempts");
    if (this.passphrases.get(user) !== typed) {
      this.wrong.count++;
      fail("wrongKey");
    }
    this.wrong.count = 0;
  }

  retryAfterS(): number {
    return this.wrong.count > 3 ? 10 : 0;
  }

  backup(): BackupState {
    return this.state;
  }

  private row(name: string, createdAt: string, scheduled: boolean): BackupRow {
    const file = `${FOLDER}\\${name}`;
    return { file, name, createdAt, bytes: "18874368", verified: true, scheduled, own: true };
  }

  private rows(): PersonRow[] {
    const me = this.me();
    if (!me) return [];
    const person = (
      user: string,
      name: string,
      roles: string[],
      rest: Partial<PersonRow> = {},
    ): PersonRow => ({
      user,
      name,
      roles,
      atWork: user === me.user,
      signedIn: true,
      hasPassphrase: this.passphrases.has(user),
      signedInAt: "2026-11-20T08:02:17+08:00",
      waiting: user === me.user ? this.waiting() : 0,
      ...rest,
    });
    return [
      person(me.user, me.name, CONNECTION.roles, { signedIn: me.signedIn }),
      person("liuyang", "刘洋", ["receiver"], { signedInAt: "2026-11-19T13:40:05+08:00", waiting: 1 }),
    ];
  }

  private lock(): LockSettings {
    const secret = this.passphrases.size > 0;
    return { idleMinutes: this.idle ?? (secret ? 15 : 0), secret, chosen: this.idle !== null };
  }

  readonly answers: { [Name in Names]: Of<Name> } = {
    activity: () => ({}),
    lock_settings: () => this.lock(),
    lock_settings_set: ({ idleMinutes }) => {
      this.idle = idleMinutes;
      return this.lock();
    },
    people: () => ({ people: this.rows() }),
    person_passphrase_set: ({ current, passphrase }) => {
      const { user } = this.me() ?? fail("notConnected");
      const known = this.passphrases.get(user);
      if (known !== undefined && known !== current) fail("wrongKey", "current");
      this.passphrases.set(user, passphrase);
      return { people: this.rows() };
    },
    person_passphrase_remove: ({ current }) => {
      const { user } = this.me() ?? fail("notConnected");
      if (this.passphrases.get(user) !== current) fail("wrongKey", "current");
      this.passphrases.delete(user);
      return { people: this.rows() };
    },
    backup_now: async ({ file, choose }) => {
      await later();
      if (file?.startsWith("Z:")) fail("folderMissing");
      const createdAt = this.clock.now();
      const name = `sunbench-${createdAt.slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-")}.snbk`;
      const row = this.row(name, createdAt, false);
      const made = { ...row, file: choose ? `E:\\${name}` : (file ?? row.file) };
      if (file === null && !choose) this.backups = [row, ...this.backups];
      this.state = {
        ...this.state,
        lastGoodAt: createdAt,
        last: { at: createdAt, ok: true, file: made.file, error: null },
      };
      return { file: made.file, bytes: made.bytes, createdAt, sha256: "5c".repeat(32), verified: true };
    },
    backup_settings: () => this.state,
    backup_settings_set: ({
      chooseFolder,
      folder,
      enabled,
      everyDays,
      keepDaily,
      keepWeekly,
      keepMonthly,
    }) => {
      const { state } = this;
      this.state = {
        ...state,
        folder: chooseFolder ? "E:\\阳采备份" : (folder ?? state.folder),
        enabled: enabled ?? state.enabled,
        everyDays: everyDays ?? state.everyDays,
        keepDaily: keepDaily ?? state.keepDaily,
        keepWeekly: keepWeekly ?? state.keepWeekly,
        keepMonthly: keepMonthly ?? state.keepMonthly,
        nextAt: (enabled ?? state.enabled) ? "2026-11-20T18:30:00+08:00" : null,
      };
      return this.state;
    },
    backups_list: () => ({ folder: this.state.folder, rows: this.backups }),
    profile_restore: async ({ file, recoveryCode }) => {
      await later();
      if (file !== null && !file.endsWith(".snbk")) fail("notABackup");
      const typed = recoveryCode?.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0");
      if (recoveryCode !== null && typed !== RECOVERY) fail("recoveryCodeWrong");
      return {
        createdAt: "2026-11-19T18:30:00+08:00",
        epoch: "r2",
        waiting: 2,
        uncertain: 1,
        movedTo: "C:\\Users\\周敏\\AppData\\Roaming\\Sunbench\\profile\\before-restore-20261120-091200",
      };
    },
    bundle_state: () => ({ ready: true, exported: this.out, ...this.bundles }),
    bundle_export: ({ path }) => {
      this.out += this.waiting();
      const seq = (this.bundles.lastExport?.seq ?? 6) + 1;
      const submissions = this.waiting();
      this.bundles.lastExport = { at: this.clock.now(), seq, submissions, changes: 0 };
      return { path: path ?? "E:\\摆渡.snbb", submissions, changes: 0, cursor: "8412", complete: true };
    },
    bundle_relay: ({ path }) => {
      if (path?.endsWith(".txt")) fail("fieldInvalid", "path");
      return { path: path ?? "E:\\摆渡.snbb", submissions: 1, changes: 214, cursor: "8626", complete: true };
    },
    bundle_import: ({ path }) => {
      if (path?.endsWith(".txt")) fail("fieldInvalid", "path");
      const submissions = this.out;
      this.out = 0;
      this.bundles.lastImport = { at: this.clock.now(), seq: 7, submissions, changes: 214 };
      return { path: path ?? "E:\\摆渡.snbb", submissions, changes: 214, cursor: "8626", complete: true };
    },
  };
}
