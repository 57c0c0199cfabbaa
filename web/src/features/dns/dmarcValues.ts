/** What the form of a DMARC policy holds. The text is what is saved; what is typed as addresses goes into it. */
import { asReportAddresses, REPORTS, tagValue, withTag, wrongAddress } from "./dmarc";
import type { DmarcPolicy } from "./queries";

type Report = (typeof REPORTS)[number];

export interface DmarcValues extends Record<Report, string> {
  own: "own" | "default";
  dmarc_record: string;
}

export function valuesOf(policy: DmarcPolicy): DmarcValues {
  const text = policy.custom_value ?? policy.default;
  return {
    own: policy.custom ? "own" : "default",
    dmarc_record: text,
    rua: tagValue(text, "rua"),
    ruf: tagValue(text, "ruf"),
  };
}

/** The values with another text. What is typed as addresses stays unless the text says something else of them now. */
export function withText(values: DmarcValues, text: string): DmarcValues {
  const next = { ...values, dmarc_record: text };
  for (const name of REPORTS) {
    const value = tagValue(text, name);
    if (value !== tagValue(values.dmarc_record, name)) next[name] = value;
  }
  return next;
}

/** The text with the addresses as they were typed; as it is where nothing else was typed. */
export function withTyped(values: DmarcValues, name: Report): string {
  const { dmarc_record: text, [name]: typed } = values;
  return typed === tagValue(text, name) ? text : withTag(text, name, asReportAddresses(typed));
}

/** What is saved; null: the default. */
export function recordOf(values: DmarcValues): string | null {
  if (values.own === "default") return null;
  return REPORTS.reduce((text, name) => withTyped({ ...values, dmarc_record: text }, name), values.dmarc_record);
}

/** The address among those typed that is none; what stands in the text already is judged there. */
export function wrongTyped(values: DmarcValues, name: Report): string | undefined {
  if (values.own === "default" || values[name] === tagValue(values.dmarc_record, name)) return undefined;
  const typed = asReportAddresses(values[name]);
  return typed === "" ? undefined : wrongAddress(typed);
}
