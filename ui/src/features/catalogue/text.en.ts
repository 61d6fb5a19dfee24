import type { catalogue } from "./text";

/** Texts of the catalogue in English. */
export const catalogueEn: typeof catalogue = {
  label: "Catalogue",
  tabs: { filings: "Filings" },
};
