// Mantine's style sheet has the styles of all its components (36 KB compressed); the app needs those of the components
// it uses and of what these are made of. Writes src/app/mantine.css; `--check` fails when that file is stale.
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const library = `${root}node_modules/@mantine/core`;
const target = `${root}src/app/mantine.css`;
const always = ["default-css-variables", "baseline", "global"];
// What the library's other packages are made of (their style sheets come with their own imports).
const others = ["CloseButton", "Highlight", "Modal", "Notification", "Portal", "ScrollArea", "Transition"];

/** Style sheets of a component and of all that its modules import. */
function reach(component, seen) {
  const folder = ["components", "utils"].map((kind) => `${library}/esm/${kind}/${component}`).find(existsSync);
  if (seen.has(component) || !folder) return [];
  seen.add(component);
  return globSync("**/*.mjs", { cwd: folder }).flatMap((path) => {
    if (path.endsWith(".module.mjs")) return [basename(path, ".module.mjs")];
    const imported = readFileSync(`${folder}/${path}`, "utf8").matchAll(
      /from "(?:\.\.\/)+(?:components\/|utils\/)?([A-Z]\w+)\//g,
    );
    return [...imported].flatMap(([, other]) => reach(other, seen));
  });
}

function usedInApp() {
  return globSync("src/**/*.{ts,tsx}", { cwd: root }).flatMap((path) => {
    const imports = readFileSync(root + path, "utf8").matchAll(/import \{([^}]*)\} from "@mantine\/core"/g);
    return [...imports].flatMap(([, names]) => names.split(",").map((name) => name.replace(/\btype\b/, "").trim()));
  });
}

/** The library's own order: the later of two rules of one weight wins. */
function inOrder(names) {
  const whole = readFileSync(`${library}/styles.css`, "utf8");
  const place = (name) =>
    whole.indexOf(/\.m_\w+/.exec(readFileSync(`${library}/styles/${name}.css`, "utf8"))?.[0] ?? "");
  return names.map((name) => ({ name, at: place(name) })).sort((a, b) => a.at - b.at);
}

const seen = new Set();
const reached = new Set([...usedInApp(), ...others].flatMap((name) => reach(name, seen)));
const sheets = inOrder([...reached].filter((name) => existsSync(`${library}/styles/${name}.css`)).toSorted());
const names = [...always, ...sheets.map(({ name }) => name)];
const imports = names.map((name) => `@import "@mantine/core/styles/${name}.css";`);
const text = `/* Written by scripts/mantine-css.mjs: npm run styles. */\n${imports.join("\n")}\n`;

if (!process.argv.includes("--check")) writeFileSync(target, text);
else if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
  process.stderr.write("src/app/mantine.css is stale: npm run styles\n");
  process.exit(1);
}
