import { expect, it } from "vitest";
import { largest, storageByDomain } from "./sums";

const box = (email_address: string, size_bytes: number | null) => ({ email_address, size_bytes, updated_at: null });

it("adds the mailboxes of a domain up and says where one is not known", () => {
  const sums = storageByDomain([box("a@One.example", 10), box("b@one.example", 5), box("c@two.example", null)]);
  expect(sums.get("one.example")).toEqual({ bytes: 15, complete: true });
  expect(sums.get("two.example")).toEqual({ bytes: 0, complete: false });
  expect(sums.get("three.example")).toBeUndefined();
});

it("lists the largest first and nothing empty", () => {
  const sized = ["a", "b", "c"].map((name, place) => ({ name, bytes: place * 10, complete: true }));
  expect(largest(sized, 5).map((each) => each.name)).toEqual(["c", "b"]);
  expect(largest(sized, 1).map((each) => each.name)).toEqual(["c"]);
});
