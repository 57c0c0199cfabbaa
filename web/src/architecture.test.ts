/** Rules of the app's layout that the compiler does not know. */
import { expect, it } from "vitest";
import { en } from "./text/en";
import type { Catalogue } from "./text/written";

const sources = Object.entries(
  import.meta.glob<string>(["./**/*.ts", "./**/*.tsx", "!./api/schema.d.ts", "!./**/*.test.*"], {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);

const importsOf = (source: string) =>
  [...source.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((found) => found[1] ?? "");

it("features meet only at their api.ts", () => {
  const wrong = sources.flatMap(([path, source]) => {
    // So many levels up is still the same feature.
    const depth = path.split("/").length - 4;
    if (!path.startsWith("./features/")) return [];
    return importsOf(source)
      .filter((target) => target.startsWith("@/features/") || target.split("../").length - 1 > depth)
      .filter((target) => !/^@\/features\/\w+\/api$/.test(target))
      .map((target) => `${path} imports ${target}`);
  });
  expect(wrong).toEqual([]);
});

it("shared rooms know no feature", () => {
  const wrong = sources
    .filter(([path]) => /^\.\/(?:ui|api|text)\//.test(path))
    .flatMap(([path, source]) =>
      importsOf(source)
        .filter((target) => /^@\/(?:features|app)\//.test(target))
        .map((target) => `${path} imports ${target}`),
    );
  expect(wrong).toEqual([]);
});

it("nothing is put on the page as markup, and no style element is made", () => {
  const wrong = sources.filter(([, source]) =>
    /dangerouslySetInnerHTML|createElement\("style"\)|<style[\s>]/.test(source),
  );
  expect(wrong.map(([path]) => path)).toEqual([]);
});

it("every text of the catalogue is used", () => {
  const code = sources
    .filter(([path]) => !path.startsWith("./text/"))
    .map(([, source]) => source)
    .join("\n");
  const unused = Object.entries(en).flatMap(([namespace, catalogue]) =>
    keysOf(catalogue)
      .filter((key) => !isUsed(key, code))
      .map((key) => `${namespace}: ${key}`),
  );
  expect([...new Set(unused)]).toEqual([]);
});

function keysOf(catalogue: Catalogue, before = ""): string[] {
  return Object.entries(catalogue).flatMap(([name, value]) =>
    typeof value === "string"
      ? [before + name.replace(/_(?:zero|one|two|few|many|other)$/, "")]
      : keysOf(value, `${before}${name}.`),
  );
}

/** Written out, or the beginning or end of a key that is put together: `state.${job.state}`, `catchAll.${kind}Hint`. */
function isUsed(key: string, code: string): boolean {
  if (code.includes(`"${key}"`) || code.includes(`\`${key}\``)) return true;
  const levels = key.split(".");
  return levels.some((_, depth) => depth > 0 && code.includes(`\`${levels.slice(0, depth).join(".")}.\${`));
}
