import type { supply as zh } from "./text";

/** Texts of the supply room in English. */
export const supplyEn: typeof zh = {
  label: "Supply",
  tabs: { issues: "Supply problems", negotiations: "Negotiations", evaluations: "Evaluations" },
  none: "—",
  closeDetail: "Close the detail (Esc)",
  dueLeft: (days) => (days === 0 ? "Due today" : days > 0 ? `${days} days left` : `${-days} days overdue`),
  evaluations: {
    label: "Satisfaction evaluations",
    hint: "Company, quarter (press /)",
    scope: "Show",
    scopes: { due: "Due", made: "Made", all: "All" },
    target: "Whom",
    targets: { all: "All companies", manufacturer: "Manufacturers", distributor: "Distributors" },
    columns: {
      due: "Due",
      left: "Left",
      company: "Company",
      target: "As",
      period: "Period",
      state: "State",
      scores: "Scores",
    },
    states: { due: "Due", overdue: "Overdue", waiting: "To be sent", made: "Made" },
    empty: "No company is to be evaluated",
    emptyDetail: "The platform asks for evaluations each quarter; they appear here after syncing.",
    detail: "Evaluation",
    clause: "Evaluate manufacturers and distributors in time (Shenzhen 2022 No. 19, 3(1)7)",
    grades: { "1": "1 very poor", "2": "2 poor", "3": "3 fair", "4": "4 good", "5": "5 very good" },
    keys: "Press 1–5 to score and go on; Ctrl+Enter submits",
    remarks: "Remarks",
    remarksHint: "Needed with a score of 1 or 2: state the facts",
    missingScore: "Score every item",
    submit: "Submit",
    submitted: "The evaluation is in the outbox",
    waitingDetail:
      "The evaluation is entered and waits to be sent; it can be withdrawn in the outbox until then.",
    allDone: "Every company that is due has been evaluated",
  },
};
