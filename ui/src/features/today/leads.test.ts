import { expect, it } from "vitest";
import type { Task } from "@/bindings/wire";
import { placeOf } from "./leads";

const task = (part: Partial<Task>): Task => ({
  id: "1",
  title: "",
  detail: "",
  dueAt: null,
  urgency: "later",
  orderLine: null,
  delivery: null,
  ...part,
});

it("a task leads to where it is done", () => {
  expect(placeOf("receipt", task({ delivery: "PS-2" }))).toEqual({
    room: "receiving",
    args: { delivery: "PS-2" },
  });
  expect(placeOf("deliveryClock", task({ orderLine: "L-1" }))).toEqual({
    room: "orders",
    args: { line: "L-1" },
  });
  expect(placeOf("paper", task({}))).toEqual({ room: "supply", args: { paper: "1" } });
  expect(placeOf("receipt", task({}))).toBeNull();
});
