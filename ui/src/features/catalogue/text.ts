/** Texts of the catalogue in Chinese. */
export const catalogue = {
  label: "目录",
  tabs: { filings: "备案补录" },
};
