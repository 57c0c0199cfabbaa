import { expect, it } from "vitest";
import { importedRows, importSummary, repairedDomains } from "./results";

it("reads the rows of an import", () => {
  const results = {
    summary: { created: 1, total: 2, note: "x" },
    rows: [{ line: 2, email: "a@example.com", state: "failed", error: "Too weak." }, "nonsense"],
  };
  expect(importedRows(results)).toEqual([{ line: 2, email: "a@example.com", state: "failed", message: "Too weak." }]);
  expect(importSummary(results)).toEqual({ created: 1, total: 2 });
});

it("reads the domains of a repair, failed ones too", () => {
  const results = {
    results: {
      "a.example": { success: true, fixed: ["spf"], skipped: ["mx"], conflicts: [{ key: "dkim" }] },
      "b.example": { success: false, error: "Unknown domain." },
    },
  };
  expect(repairedDomains(results)).toEqual([
    { domain: "a.example", success: true, fixed: ["spf"], skipped: ["mx"], conflicts: ["dkim"], message: "" },
    { domain: "b.example", success: false, fixed: [], skipped: [], conflicts: [], message: "Unknown domain." },
  ]);
});

it("invents nothing where there is nothing", () => {
  expect(importedRows(null)).toEqual([]);
  expect(repairedDomains({ results: [] })).toEqual([]);
});
