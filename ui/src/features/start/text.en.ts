import type { start } from "./text";

/** Texts of the first screens in English. */
export const startEn: typeof start = {
  product: "Sunbench",
  tagline: "Open procurement of consumables · supervision notices · works offline",
  starting: "Starting…",
  failed: "The program did not start",
  welcome: "Welcome",
  welcomeHint: "Choose how to begin; you can change it later.",
  connectTitle: "Connect to the province's platform",
  connectDetail:
    "Sign in with your hospital's account. Data are kept encrypted on this PC and stay usable offline.",
  connectAction: "Connect",
  demoTitle: "Try it with the demo hospital",
  demoDetail: "An invented hospital with a platform of its own. No network, no account, no risk.",
  demoAction: "Start the demo",
  passphraseTitle: "Set a passphrase",
  passphraseWhy:
    "This PC has no system keyring, so a passphrase encrypts the data. You enter it at every start; without it only the recovery code opens the data.",
  passphrase: "Passphrase",
  passphraseSet: "Set passphrase",
  back: "Back",
  recoveryTitle: "Keep the recovery code",
  recoveryWhy:
    "Your data are encrypted. On another PC, after reinstalling, or when the key is lost, only the recovery code opens them. It is shown this once: print or copy it by hand, and keep it away from this PC.",
  recoveryCode: "Recovery code",
  recoveryPrint: "Print",
  recoveryConfirm: "I have kept the recovery code",
  recoveryMustConfirm: "Print or copy it first, then tick",
  recoveryContinue: "Continue",
  recoverySheetTitle: "Sunbench recovery code",
  recoverySheetUse:
    "On a new PC, install the program, put the backup back, choose “Unlock with the recovery code” and type the groups; case and blanks do not matter.",
  recoverySheetKeep: "Keep sealed, away from the PC.",
  recoverySheetDate: "Made on",
  recoverySheetKeeper: "Kept by",
  signIn: "Sign in to the platform",
  url: "Platform address",
  urlHint: "From the platform or your IT department; begins with https://",
  institution: "Institution code",
  institutionHint: "National code of the medical institution: H and 11 digits",
  institutionOk: "The code is well formed",
  institutionWrong: "The code is not right",
  user: "User name",
  password: "Password",
  passwordHint: "Used to sign in only; never kept in plain text",
  signInAction: "Sign in",
  signingIn: "Signing in…",
  fieldMissing: "Please fill in",
  person: "Who",
  personPassphrase: "Own passphrase",
  personHint: "Unlocks in your name, also offline, and records today's check-in.",
  usePerson: "Unlock with an own passphrase",
  waitSeconds: (seconds) => `Too many wrong passphrases: try again in ${seconds} s`,
  unlock: "Unlock",
  retry: "Try again",
  useRecovery: "Unlock with the recovery code",
  usePassphrase: "Unlock with the passphrase",
  recoveryEntry: "Recovery code",
  recoveryEntryHint: "Eight groups of five; case, blanks and dashes do not matter",
  salvage: "Salvage the data",
  salvageDetail:
    "The damaged file is moved aside as it is; drafts, the outbox and other entries made here are saved from it, everything else is fetched from the platform again.",
  salvaged: "The data are salvaged",
  salvagedDetail: (rows) =>
    `${rows} entries made here were saved; the rest is fetched from the platform again.`,
  salvagedMoved: "The damaged file is kept in",
  goOn: "Continue",
  causes: {
    byUser: {
      title: "Locked",
      detail:
        "The data are on this PC, encrypted. While locked nothing runs; what is confirmed goes out after unlocking.",
    },
    idle: {
      title: "Locked after a while without you",
      detail: "The key is wiped from memory and nothing runs; what is confirmed goes out after unlocking.",
    },
    suspended: {
      title: "Locked while the PC slept",
      detail: "The PC slept, or its session was locked. What is confirmed goes out after unlocking.",
    },
    passphrase: {
      title: "Enter the passphrase",
      detail: "A passphrase encrypts the data on this PC. Unlocking records today's check-in.",
    },
    keyringAbsent: {
      title: "No system keyring",
      detail:
        "The keyring that held the key is not available. Use the recovery code, or have the keyring service restored and try again.",
    },
    keyringLocked: {
      title: "The system keyring is locked",
      detail: "Unlock the keyring (usually your login password), then try again. The data are unharmed.",
    },
    keyMissing: {
      title: "The key is missing",
      detail:
        "The keyring has no key for these data: another system user, or a reinstalled system. Use the recovery code.",
    },
    keyFile: {
      title: "The key file is missing or damaged",
      detail:
        "The data file is there. Put the key file from the backup into the folder below and try again. Delete nothing in that folder.",
    },
    databaseMissing: {
      title: "The data file is missing",
      detail: "The key is there, the data are not. Put the backup into the folder below and try again.",
    },
    damaged: {
      title: "The data file is damaged",
      detail: "A power cut or a failing disk, perhaps. Most of what was entered here can be saved.",
    },
    tooNew: {
      title: "Please update the program",
      detail: "A newer version wrote these data; this one does not open them, so as to do no harm.",
    },
    inUse: {
      title: "The data are in use",
      detail: "Another window or program has them open. Close it and try again.",
    },
    readOnly: {
      title: "The folder cannot be written to",
      detail: "Have your IT department check the permissions of the folder below, then try again.",
    },
    diskFailed: {
      title: "The disk failed",
      detail:
        "It may be broken, or a network drive is gone. Have it checked and try again. Nothing confirmed is lost.",
    },
    diskFull: {
      title: "The disk is full",
      detail: "Free some space and try again. Nothing confirmed is lost.",
    },
  },
  signedOutTitle: "Please sign in",
  signedOutDetail: (name) =>
    `${name} has signed out. Sign in to go on; drafts and submissions are kept, and go out in the name of whoever made them.`,
  folder: "Data folder",
  copyFolder: "Copy path",
  folderCopied: "Path copied",
  version: (version) => `Version ${version}`,
};
