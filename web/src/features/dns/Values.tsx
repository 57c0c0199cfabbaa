/** Expected and found side by side, with what differs marked. */
import { Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "@/text";
import { CopyIcon } from "@/ui";
import { spelledOut } from "@/ui/spelled";
import { compare } from "./diff";
import classes from "./dns.module.css";
import type { Check, Key } from "./queries";
import { RecordText } from "./RecordText";

/** So short a value names itself. */
const SHORT = 60;

export function Values({ name, check }: { name: Key; check: Check }) {
  const { t } = useTranslation("dns");
  const well = check.status === "pass";
  // Copied over a record that names other senders, it would lock them out.
  const merges = name === "spf" && !well && check.found.length > 0;
  const { left, right } = compare(name, check.expected, check.found);
  return (
    <div className={classes.values}>
      <Stack gap={6}>
        <Text size="sm" fw={600}>
          {t("expected")}
        </Text>
        {merges && <Text size="sm">{t("spfMerges")}</Text>}
        {check.expected.length === 0 && <Text size="sm">{t("nothingExpected")}</Text>}
        {left.map((pieces, place) => {
          const value = check.expected[place] ?? "";
          return (
            <Group key={value} gap={4} wrap="nowrap" align="flex-start">
              <div style={{ flex: 1, minWidth: 0 }}>
                <RecordText
                  pieces={well ? pieces.map((piece) => ({ ...piece, differs: false })) : pieces}
                  sense="missing"
                />
              </div>
              {!merges && (
                <CopyIcon
                  value={name === "mx" ? hostOf(value) : value}
                  what={value.length < SHORT ? spelledOut(value) : t("valueOf", { check: check.label })}
                />
              )}
            </Group>
          );
        })}
      </Stack>
      <Stack gap={6}>
        <Text size="sm" fw={600}>
          {t("found")}
        </Text>
        {check.found.length === 0 && (
          <Text size="sm">{check.status === "unknown" ? t("notSeen") : t("nothingFound")}</Text>
        )}
        {right.map((pieces, place) => (
          <RecordText
            key={check.found[place]}
            pieces={well ? pieces.map((piece) => ({ ...piece, differs: false })) : pieces}
            sense="other"
          />
        ))}
      </Stack>
    </div>
  );
}

/** `10 eagle.mxlogin.com`: the priority goes into a field of its own at most providers. */
function hostOf(value: string): string {
  return value.split(" ").at(-1) ?? value;
}
