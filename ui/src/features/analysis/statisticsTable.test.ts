import { createApp } from "vue";
import { expect, it } from "vitest";
import StatisticsTable from "./StatisticsTable.vue";

const row = { key: "7", name: "支架", lines: "2", amount: "1.00", share: "50.0 %", before: "0.00" };

function shown(props: { more: string; extendable?: boolean }) {
  const asked: string[] = [];
  const root = document.createElement("div");
  const listeners = { onMore: () => asked.push("more"), onOpen: (name: string) => asked.push(name) };
  createApp(StatisticsTable, { title: "统计", rows: [row], openable: true, ...props, ...listeners }).mount(
    root,
  );
  return { root, asked };
}

it.each([
  ["rows are left", { more: "其余 3 项", extendable: true }, true],
  ["rows are left, on paper", { more: "其余 3 项" }, false],
  ["nothing is left", { more: "", extendable: true }, false],
])("where %s", (_name, props, offers) => {
  const { root, asked } = shown(props);
  const button = root.querySelector<HTMLButtonElement>('[data-test="statistics-more"]');
  expect([button !== null, root.textContent?.includes("其余")]).toEqual([offers, props.more !== ""]);
  button?.click();
  root.querySelector<HTMLButtonElement>('[data-test="statistics-row-7"] button')?.click();
  expect(asked).toEqual(offers ? ["more", "支架"] : ["支架"]);
});
