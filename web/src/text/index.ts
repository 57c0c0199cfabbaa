/**
 * All words of the app in one catalogue: `en/<feature>.ts`, one namespace a feature, loaded with the views that speak
 * of it. A translation is a second folder of the same shape. The type checker refuses a key that does not exist.
 *
 * Our own few lines, for i18next would be a tenth of what the first page may load (ADR 0022).
 */
import { use, useMemo } from "react";
import type { en } from "./en";
import { app } from "./en/app";
import { ui } from "./en/ui";
import { type Catalogue, type Key, type Values, written } from "./written";

export type Namespace = keyof typeof en;
export type Translate<Name extends Namespace> = (key: Key<(typeof en)[Name]>, values?: Values) => string;

const LANGUAGE = "en";
const files = import.meta.glob<Record<string, Catalogue>>(["./en/*.ts", "!./en/index.ts"]);

// The frame speaks at once; the rest comes with its views.
const loaded: Partial<Record<Namespace, Catalogue>> = { app, ui };
const coming = new Map<Namespace, Promise<void>>();

/** Fetches the words of these namespaces, each once. */
export async function loadWords(namespaces: readonly Namespace[]): Promise<void> {
  await Promise.all(namespaces.map(words));
}

/** Keeps words that are there already. */
export function addWords(namespace: Namespace, catalogue: Catalogue): void {
  loaded[namespace] = catalogue;
}

/** `const { t } = useTranslation("jobs")`, then `t("state.failed")`. Waits for words that are not there yet. */
export function useTranslation<Name extends Namespace>(namespace: Name): { t: Translate<Name> } {
  if (!(namespace in loaded)) use(words(namespace));
  return useMemo(() => ({ t: translate(namespace) }), [namespace]);
}

/** The same outside of components, for words that are there. */
export function translate<Name extends Namespace>(namespace: Name): Translate<Name> {
  return (key, values) => written(loaded[namespace] ?? {}, LANGUAGE, key, values);
}

function words(namespace: Namespace): Promise<void> {
  const known = coming.get(namespace);
  if (known) return known;
  const promise = namespace in loaded ? Promise.resolve() : fetched(namespace);
  coming.set(namespace, promise);
  // A file that did not come is asked for again the next time.
  promise.catch(() => coming.delete(namespace));
  return promise;
}

async function fetched(namespace: Namespace): Promise<void> {
  const module = await files[`./${LANGUAGE}/${namespace}.ts`]?.();
  const catalogue = module?.[namespace];
  if (!catalogue) throw new Error(`there are no words for ${namespace}`);
  loaded[namespace] = catalogue;
}
