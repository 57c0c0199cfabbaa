// What the About card shows: the program's version, and a short checksum of what the app was built from.
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("..", import.meta.url));

export function version() {
  const found = /__version__ = "([^"]+)"/.exec(readFileSync(`${web}../src/mxm/__init__.py`, "utf8"));
  if (!found) throw new Error("src/mxm/__init__.py states no version");
  return found[1];
}

export function buildId() {
  const sum = createHash("sha256");
  for (const path of globSync("{src/**/*.*,package-lock.json}", { cwd: web }).toSorted())
    sum.update(readFileSync(web + path));
  return sum.digest("hex").slice(0, 12);
}
