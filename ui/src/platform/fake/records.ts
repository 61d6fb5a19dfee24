import type { AttachmentKind, AuditState, Commands, ErrorCode } from "@/bindings/wire";

type Answers = {
  [
    C in
      | "attachment_inspect"
      | "attachment_open"
      | "attachment_save"
      | "audit_verify"
      | "audit_explain"
      | "audit_export"
  ]: (request: Commands[C]["request"]) => Commands[C]["answer"];
};

const KINDS: Record<string, AttachmentKind> = {
  pdf: "document",
  docx: "document",
  xlsx: "sheet",
  csv: "text",
  txt: "text",
  png: "picture",
  jpg: "picture",
  zip: "archive",
  html: "program",
  svg: "program",
  exe: "program",
};
const OPENED: ReadonlySet<AttachmentKind> = new Set(["document", "sheet", "text", "picture"]);

const HEAD = "b1".repeat(32);
const CHAIN: AuditState = {
  ok: true,
  entries: 2,
  fault: null,
  firstBad: null,
  head: HEAD,
  headAt: "2026-11-20T09:12:00.000+08:00",
};

/** Attachments outside the window, and the audit's account: what the invented office answers. */
export function recordAnswers(
  files: Map<string, string>,
  fail: (code: ErrorCode, field?: string | null) => never,
): Answers {
  const inspect = ({ sha256, name }: Commands["attachment_inspect"]["request"]) => {
    const content = files.get(sha256) ?? fail("notFound");
    const safe = name.split(/[/\\]/).at(-1) || "附件";
    const kind = KINDS[safe.split(".").at(-1)?.toLowerCase() ?? ""] ?? "other";
    const mayOpen = OPENED.has(kind);
    return {
      name: safe,
      renamed: safe !== name,
      kind,
      size: atob(content).length,
      mayOpen,
      disguised: false,
    };
  };
  return {
    attachment_inspect: inspect,
    attachment_open(request) {
      const info = inspect(request);
      return info.mayOpen ? info : fail("attachmentRefused", info.name);
    },
    attachment_save: (request) => ({ file: `/home/demo/下载/${inspect(request).name}` }),
    audit_verify: () => CHAIN,
    audit_export: () => ({
      file: "/home/demo/文档/审计日志-2026-11-20.jsonl",
      entries: 2,
      head: HEAD,
      sha256: "c2".repeat(32),
    }),
    audit_explain: ({ from, to }) => ({
      from: from ?? "2025-10-16",
      to: to ?? from ?? "2026-11-20",
      cut: false,
      chain: CHAIN,
      entries: [
        {
          at: "2026-11-20T09:12:00.000+08:00",
          actor: "wangmin",
          actorName: "王敏",
          onBehalfOf: null,
          approvedBy: null,
          approvedAt: null,
          what: "打卡",
          kind: "checkIn",
          document: "checkIn:2026-11-20",
          documentTitle: "",
          key: "019aa0e2-6e80-7c3a-9f00-000000000001",
          state: "accepted",
          attempts: 1,
          sentAt: "2026-11-20T09:12:00.200+08:00",
          bodyDigest: "d3".repeat(32),
          body: '{"actedAt":"2026-11-20T09:12:00+08:00","date":"2026-11-20"}',
          altered: false,
          attachments: [],
          answer: {
            at: "2026-11-20T09:12:00.700+08:00",
            outcome: "已受理",
            receipt: "7301182645530173441",
            version: "1",
            acceptedAt: "2026-11-20T09:12:00+08:00",
            code: null,
            message: null,
            digest: "e4".repeat(32),
          },
          steps: [
            {
              seq: 1,
              at: "2026-11-20T09:12:00.000+08:00",
              actor: "wangmin",
              action: "checkIn.queued",
              what: "打卡写入待发箱",
            },
            {
              seq: 2,
              at: "2026-11-20T09:12:00.700+08:00",
              actor: "wangmin",
              action: "submission.accepted",
              what: "平台已受理",
            },
          ],
          text: "2026-11-20 09:12:00，王敏（wangmin）：打卡。2026-11-20 09:12:00 平台答复：已受理，回执号 7301182645530173441。",
        },
      ],
    }),
  };
}
