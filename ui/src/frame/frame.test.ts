import { describe, expect, it } from "vitest";
import { keyName } from "./keys";
import { samePlace, stepped, visited, type Place } from "./navigation";
import { knownPreferences, resolveTheme } from "./preferences";
import { matches } from "./search";

const place = (room: Place["room"], args: Place["args"] = {}): Place => ({ room, args });

describe("navigation", () => {
  const start: Parameters<typeof visited>[0] = { places: [place("today")], at: 0 };

  it("goes on, back and forward", () => {
    const trail = visited(visited(start, place("notices")), place("notices", { id: "7" }));
    expect(trail.places).toHaveLength(3);
    const back = stepped(trail, -1);
    expect(back.at).toBe(1);
    expect(stepped(back, 1).at).toBe(2);
    expect(stepped(stepped(stepped(back, -1), -1), -1).at).toBe(0);
  });

  it("forgets what lay ahead, and does not repeat where one is", () => {
    const trail = visited(visited(start, place("notices")), place("orders"));
    const elsewhere = visited(stepped(trail, -1), place("settings"));
    expect(elsewhere.places.map(({ room }) => room)).toEqual(["today", "notices", "settings"]);
    expect(visited(elsewhere, place("settings"))).toEqual(elsewhere);
  });

  it("remembers a limited number of places", () => {
    let trail = start;
    for (let id = 0; id < 200; id++) trail = visited(trail, place("orders", { id: String(id) }));
    expect(trail.places).toHaveLength(50);
    expect(trail.places[trail.at]!.args).toEqual({ id: "199" });
  });

  it.each([
    [place("orders", { id: "1" }), place("orders", { id: "1" }), true],
    [place("orders", { id: "1" }), place("orders"), false],
    [place("orders"), place("orders", { id: "1" }), false],
    [place("orders"), place("notices"), false],
  ])("%o and %o are the same: %s", (a, b, same) => expect(samePlace(a, b)).toBe(same));
});

describe("keyName", () => {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  it.each([
    [{ key: "k", ctrlKey: true }, "Ctrl+K"],
    [{ key: "k", metaKey: true }, "Ctrl+K"],
    [{ key: "1", altKey: true }, "Alt+1"],
    [{ key: "ArrowLeft", altKey: true }, "Alt+ArrowLeft"],
    [{ key: "F5" }, "F5"],
    [{ key: "F5", shiftKey: true }, "Shift+F5"],
    [{ key: ",", ctrlKey: true }, "Ctrl+,"],
  ])("%o is %s", (event, name) => expect(keyName({ ...none, ...event })).toBe(name));
});

describe("preferences", () => {
  it("takes only what it knows", () => {
    expect(knownPreferences({ theme: "dark", textSize: "huge", locale: 3 })).toEqual({ theme: "dark" });
  });

  it.each([
    ["system", false, false, "light"],
    ["system", true, false, "dark"],
    ["system", true, true, "contrast"],
    ["light", true, true, "light"],
    ["contrast", false, false, "contrast"],
  ] as const)("%s with system dark %s, contrast %s is %s", (theme, dark, contrast, expected) => {
    expect(resolveTheme(theme, { dark, contrast })).toBe(expected);
  });
});

it.each([
  ["", "前往 督办", true],
  ["督", "前往 督办", true],
  ["督办 前往", "前往 督办", true],
  ["NOTICE", "前往 督办 notices", true],
  ["订单", "前往 督办", false],
])("%o matches %o: %s", (typed, words, expected) => expect(matches(typed, words)).toBe(expected));
