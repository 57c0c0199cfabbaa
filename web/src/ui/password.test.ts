import { expect, it } from "vitest";
import { generatePassword } from "./password";

it("has what MXroute asks for and nothing that looks alike", () => {
  const made = Array.from({ length: 200 }, generatePassword);
  for (const each of made) expect(each).toMatch(/^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)[A-HJ-NP-Za-kmnp-z2-9]{20}$/);
  expect(new Set(made).size).toBe(made.length);
});
