export type { Commands } from "@/bindings/wire";
