import { describe, expect, it } from "vitest";
import { dayOf, pastedRequests } from "./pasted";
import { requests } from "./text";

describe("pasted requests", () => {
  it("are read by their headings", () => {
    const pasted =
      "申请科室\t品名\t规格型号\t申请数量\t单位\t需要日期\t备注\n骨科\t锁定板\t6孔\t２\t块\t2026年11月27日\t急\n\t\t\t9\t\t\t\n";
    expect(pastedRequests(pasted, requests.headings)).toEqual([
      {
        row: 2,
        dept: "骨科",
        code: "",
        name: "锁定板",
        spec: "6孔",
        quantity: "２",
        unit: "块",
        neededBy: "2026-11-27",
        note: "急",
      },
    ]);
  });

  it("are none without headings", () => {
    expect(pastedRequests("骨科\t锁定板\t2", requests.headings)).toEqual([]);
    expect(pastedRequests("", requests.headings)).toEqual([]);
  });
});

it.each([
  ["2026-11-27", "2026-11-27"],
  ["2026/1/7", "2026-01-07"],
  ["2026.11.27", "2026-11-27"],
  ["２０２６年11月27日", "2026-11-27"],
  ["明天", ""],
  ["", ""],
])("%o is the day %o", (written, day) => expect(dayOf(written)).toBe(day));
