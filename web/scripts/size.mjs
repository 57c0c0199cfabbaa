// The size budget: what the first page loads, compressed with gzip, in JavaScript and CSS. Fails when it is exceeded.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const built = fileURLToPath(new URL("../../src/mxm/entrypoints/web_dist/", import.meta.url));
const budget = 250 * 1000; // bytes; design/bars.md
// What a person sees after signing in, and its words (see router.tsx).
const firstPage = [
  "src/features/fleet/DashboardPage.tsx",
  ...["fleet", "dns", "jobs"].map((each) => `src/text/en/${each}.ts`),
];
const manifest = JSON.parse(readFileSync(join(built, "manifest.json"), "utf8"));

function filesOf(name, seen = new Set()) {
  const chunk = manifest[name];
  if (!chunk || seen.has(name)) return [];
  seen.add(name);
  const own = [chunk.file, ...(chunk.css ?? [])];
  return [...own, ...(chunk.imports ?? []).flatMap((each) => filesOf(each, seen))];
}

const compressed = (file) =>
  statSync(join(built, `${file}.gz`), { throwIfNoEntry: false }) ?? statSync(join(built, file));
const missing = firstPage.filter((name) => !manifest[name]);
const files = [...new Set(["index.html", ...firstPage].flatMap((name) => filesOf(name)))];
if (missing.length > 0) throw new Error(`size: the build has no ${missing}`);
let total = 0;
for (const file of files) {
  const { size } = compressed(file);
  total += size;
  process.stdout.write(`${(size / 1000).toFixed(1).padStart(7)} KB  ${file}\n`);
}
process.stdout.write(`${(total / 1000).toFixed(1).padStart(7)} KB  first load, of ${budget / 1000} KB\n`);
if (total > budget) {
  process.stderr.write("size: the first load is over its budget\n");
  process.exit(1);
}
