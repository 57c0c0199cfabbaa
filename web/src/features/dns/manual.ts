/** What people have to publish themselves. */
import type { Expected, Health, Key } from "./queries";

export interface ManualRecord {
  type: string;
  /** The whole name. */
  name: string;
  value: string;
  priority?: number;
}

/** All that MXroute expects, and our DMARC policy. */
export function allRecords(expected: Expected): ManualRecord[] {
  const texts = [expected.spf, expected.dkim, expected.dmarc, expected.verification].flatMap((record) =>
    record ? [{ type: record.type, name: record.fqdn, value: record.value }] : [],
  );
  return [...mxRecords(expected), ...texts];
}

/**
 * Those of the checks that are not well. Where an SPF record is there already, MXroute's own would take the other
 * senders' right away, so that one is left to the reader.
 */
export function recordsToSet(expected: Expected, health: Health): ManualRecord[] {
  const wrong = (key: Key) => ["warn", "fail"].includes(health.checks[key].status);
  const text = (key: "spf" | "dkim" | "dmarc" | "verification"): ManualRecord[] => {
    const record = expected[key];
    if (!record || !wrong(key) || (key === "spf" && health.checks.spf.found.length > 0)) return [];
    return [{ type: record.type, name: record.fqdn, value: record.value }];
  };
  const alias = (key: "mail" | "webmail"): ManualRecord[] => {
    const host = health.checks[key].expected_host;
    return wrong(key) && host ? [{ type: "CNAME", name: `${key}.${health.domain}`, value: host }] : [];
  };
  return [
    ...(wrong("mx") ? mxRecords(expected) : []),
    ...text("spf"),
    ...text("dkim"),
    ...text("dmarc"),
    ...text("verification"),
    ...alias("mail"),
    ...alias("webmail"),
  ];
}

function mxRecords(expected: Expected): ManualRecord[] {
  return expected.mx_records.flatMap(({ hostname, priority }) =>
    hostname
      ? [{ type: "MX", name: expected.domain, value: hostname, ...(priority === null ? {} : { priority }) }]
      : [],
  );
}
