import { beforeEach, describe, expect, it } from "vitest";
import { connectTo } from "@/platform";
import { browserTransport } from "@/platform/browser";
import { layouts, parseLayout } from "./layouts";

const LAYOUT = { columns: [{ key: "order", width: 12, visible: true, pinned: true }], sort: null };

describe("a grid's layout", () => {
  beforeEach(() => connectTo(browserTransport()));

  it("is kept under the grid's name and comes back as it was", async () => {
    expect(await layouts.load("orders")).toBeNull();
    await layouts.save("orders", LAYOUT);
    expect(await layouts.load("orders")).toEqual(LAYOUT);
    expect(await layouts.load("notices")).toBeNull();
  });

  it.each([
    ["nothing", undefined, null],
    ["no JSON", "{columns", null],
    ["another shape", '{"columns":3}', null],
    ["null", "null", null],
    [
      "a column without a width",
      '{"columns":[{"key":"a"},{"key":"b","width":4,"visible":true,"pinned":false}]}',
      {
        columns: [{ key: "b", width: 4, visible: true, pinned: false }],
        sort: null,
      },
    ],
  ])("from %s", (_, stored, expected) => expect(parseLayout(stored)).toEqual(expected));
});
