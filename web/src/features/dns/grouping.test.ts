import { expect, it } from "vitest";
import { byRepair } from "./grouping";
import type { PastChange } from "./queries";

const change = (id: string, fix_id: string, more: Partial<PastChange> = {}): PastChange => ({
  id,
  fix_id,
  action: "create",
  key: "spf",
  type: "TXT",
  name: "a.example",
  before: [],
  after: [],
  reason: "",
  created_at: "2026-01-01T00:00:00Z",
  created_by: "admin",
  request_id: "r",
  reverts: null,
  reverted_by: null,
  ...more,
});
const changes = [
  change("5", "undo1", { reverts: "1" }),
  change("4", "fix2"),
  change("2", "fix1"),
  change("3", "fix2"),
  change("1", "fix1", { reverted_by: "undo1" }),
];

it("puts the changes of a repair together, newest repair first", () => {
  const shown = byRepair(changes, false).map((each) => [each.fixId, each.undoes, each.changes.map((one) => one.id)]);
  expect(shown).toEqual([
    ["undo1", true, ["5"]],
    ["fix2", false, ["4", "3"]],
    ["fix1", false, ["2", "1"]],
  ]);
});

it("knows of which repair there may be more", () => {
  const cut = (more: boolean) => byRepair(changes, more).map((each) => each.cut);
  expect(cut(true)).toEqual([false, false, true]);
  expect(cut(false)).toEqual([false, false, false]);
  expect(byRepair([], true)).toEqual([]);
});
