import type { OutboxItem } from "@/bindings/wire";
import type { Clock } from "./clock";
import { CONNECTION, NAME } from "./people";

/** Milliseconds between the steps queued → sending → accepted. */
const STEP_MS = 450;

export async function sha256(content: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What a submission has not had yet, and who made it. */
export const UNTOUCHED = {
  attempts: 0,
  errorCode: null,
  errorText: null,
  sentAt: null,
  settledAt: null,
  acceptedAt: null,
  actor: CONNECTION.user,
  actorName: NAME,
  onBehalfOf: null,
  reviewer: null,
  reviewedAt: null,
  reviewReason: null,
  own: true,
  refused: [],
  isPartial: false,
  files: [],
  other: null,
} satisfies Partial<OutboxItem>;

/** The queue of what is to be sent. Delivers while the cable is plugged in. */
export class Outbox {
  readonly items: OutboxItem[];
  /** Whether a kind waits for a second person. */
  isReviewed: (kind: string) => boolean = () => false;
  private readonly whenAccepted = new Map<string, (at: string) => void>();

  constructor(
    private readonly clock: Clock,
    private readonly isOnline: () => boolean,
    private readonly changed: () => void,
    seeds: OutboxItem[],
  ) {
    this.items = seeds;
  }

  of(subject: string): OutboxItem[] {
    return this.items.filter((item) => item.subject === subject).map((item) => ({ ...item }));
  }

  count(...states: OutboxItem["state"][]): number {
    return this.items.filter(({ state }) => states.includes(state)).length;
  }

  find(key: string): OutboxItem | undefined {
    return this.items.find((item) => item.key === key);
  }

  add(
    kind: string,
    subject: string,
    title: string,
    digest: string,
    accepted: (at: string) => void,
  ): OutboxItem {
    const item: OutboxItem = {
      ...UNTOUCHED,
      key: crypto.randomUUID(),
      kind,
      subject,
      subjectTitle: title,
      state: this.isReviewed(kind) ? "awaitingReview" : "queued",
      createdAt: this.clock.now(),
      digest,
    };
    this.items.push(item);
    this.whenAccepted.set(item.key, accepted);
    this.changed();
    this.deliver();
    return { ...item };
  }

  /** Sends what waits; called again when the cable is plugged in. */
  deliver(): void {
    for (const item of this.items.filter(({ state }) => state === "queued")) {
      if (!this.isOnline()) return;
      setTimeout(() => {
        if (item.state !== "queued" || !this.isOnline()) return;
        Object.assign(item, { state: "sending", attempts: item.attempts + 1, sentAt: this.clock.now() });
        this.changed();
        setTimeout(() => this.settle(item), STEP_MS);
      }, STEP_MS);
    }
  }

  private settle(item: OutboxItem): void {
    if (item.state !== "sending") return;
    const now = this.clock.now();
    if (this.isOnline()) {
      Object.assign(item, {
        state: "accepted",
        acceptedAt: now,
        settledAt: now,
        errorCode: null,
        errorText: null,
      });
      this.whenAccepted.get(item.key)?.(now);
    } else item.state = "queued";
    this.changed();
  }
}
