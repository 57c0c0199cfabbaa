/** One text of a catalogue with its values put in. */

export interface Catalogue {
  readonly [key: string]: string | Catalogue;
}

/** What stands at `{{name}}`; `count` also chooses between `key_one`, `key_other` and, if there is one, `key_zero`. */
export type Values = Readonly<Record<string, string | number | null | undefined>>;

type Plural = "zero" | "one" | "two" | "few" | "many" | "other";
type Stem<Name extends string> = Name extends `${infer Start}_${Plural}` ? Start : Name;

/** The addresses of a catalogue's texts, levels parted by dots, plurals without their ending. */
export type Key<Words> = {
  [Name in keyof Words & string]: Words[Name] extends string ? Stem<Name> : `${Name}.${Key<Words[Name]>}`;
}[keyof Words & string];

export function written(catalogue: Catalogue, language: string, key: string, values: Values = {}): string {
  const { count } = values;
  const found = typeof count === "number" ? plural(catalogue, language, key, count) : at(catalogue, key);
  // The type checker knows all keys; one that is built at run time shows itself.
  return (found ?? key).replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => shown(name, values[name], language));
}

function plural(catalogue: Catalogue, language: string, key: string, count: number): string | undefined {
  const category = new Intl.PluralRules(language).select(count);
  const endings = count === 0 ? ["zero", category, "other"] : [category, "other"];
  for (const ending of endings) {
    const found = at(catalogue, `${key}_${ending}`);
    if (found !== undefined) return found;
  }
  return at(catalogue, key);
}

function at(catalogue: Catalogue, key: string): string | undefined {
  let place: string | Catalogue | undefined = catalogue;
  for (const part of key.split(".")) place = typeof place === "object" ? place[part] : undefined;
  return typeof place === "string" ? place : undefined;
}

/** Only counts are written as numbers: an id or a port has no thousands. */
function shown(name: string, value: Values[string], language: string): string {
  if (name === "count" && typeof value === "number") return new Intl.NumberFormat(language).format(value);
  return String(value ?? "");
}
