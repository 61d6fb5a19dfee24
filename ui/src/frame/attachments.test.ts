import { beforeEach, describe, expect, it } from "vitest";
import { connectTo } from "@/platform";
import { browserTransport, useFakeBackend } from "@/platform/browser";
import { zh } from "@/text";
import { attach, LARGEST, sizeText } from "./attachments";

beforeEach(() => connectTo(browserTransport()));

describe("attachments", () => {
  it.each([
    [1, "1 KB"],
    [10_240, "10 KB"],
    [1_048_575, "1024 KB"],
    [3_355_443, "3.2 MB"],
    [LARGEST, "20.0 MB"],
  ])("%d bytes are %s", (bytes, words) => expect(sizeText(bytes, zh)).toBe(words));

  it("are copied into the profile, named by their content", async () => {
    const file = new File(["hello"], "说明.txt");
    expect(await attach(file, zh)).toEqual({
      sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
      name: "说明.txt",
      size: 5,
    });
  });

  it("are refused when too large, without being read", async () => {
    const file = new File([], "大.zip");
    Object.defineProperty(file, "size", { value: LARGEST + 1 });
    expect(await attach(file, zh)).toEqual({
      problem: "“大.zip”有 20.0 MB，超过 20 MB，请压缩或拆分后再添加",
    });
  });

  it("say what the program answered", async () => {
    useFakeBackend({
      notice_attach: () => Promise.reject({ code: "diskFull", field: null, incident: null }),
    });
    const answer = await attach(new File(["x"], "a.pdf"), zh);
    expect(answer).toEqual({ problem: `“a.pdf”没有添加：${zh.errors.diskFull}` });
  });
});
