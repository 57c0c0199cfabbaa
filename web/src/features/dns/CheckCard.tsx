/** One check: how it stands, what that means, what is expected and what was found. */
import { Button, Code, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "@/text";
import { StatusBadge } from "@/ui";
import { Foreign } from "@/ui/Foreign";
import classes from "./dns.module.css";
import type { Check, Expected, Key } from "./queries";
import { Values } from "./Values";

interface CheckCardProps {
  name: Key;
  check: Check;
  /** What the domain should publish, for whole names; undefined while it is not known. */
  expected: Expected | undefined;
  domain: string;
  /** Left out where this person cannot repair it. */
  onRepair?: () => void;
  onLookAgain: () => void;
}

export function CheckCard({ name, check, expected, domain, onRepair, onLookAgain }: CheckCardProps) {
  const { t } = useTranslation("dns");
  const calm = check.status === "pass" || check.status === "skipped" || check.status === "pending";
  const place = placeOf(name, domain, expected);
  const optIn = name === "webmail" && check.status === "skipped";
  return (
    <Paper withBorder p="md" component="article">
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Group gap="sm">
            <Title order={3} size="h5">
              {t(`what.${name}`)}
            </Title>
            <StatusBadge status={check.status} />
          </Group>
          {check.status === "unknown" ? (
            // What cannot be seen cannot be said to need a repair.
            <Button size="xs" variant="default" onClick={onLookAgain}>
              {t("againThis", { check: t(`key.${name}`) })}
            </Button>
          ) : (
            onRepair &&
            (!calm || optIn) && (
              <Button size="xs" variant="default" onClick={onRepair}>
                {optIn ? t("setUpWebmail") : t("repairThis", { check: t(`key.${name}`) })}
              </Button>
            )
          )}
        </Group>
        <Text style={{ overflowWrap: "anywhere" }}>
          <Foreign text={check.message} />
        </Text>
        <Extras check={check} />
        {check.expected.length + check.found.length > 0 &&
          (calm ? (
            <details>
              <summary className={classes.summary}>{t("records")}</summary>
              <Stack gap="sm" mt="sm">
                <Place of={place} />
                <Values name={name} check={check} />
              </Stack>
            </details>
          ) : (
            <>
              <Place of={place} />
              <Values name={name} check={check} />
            </>
          ))}
      </Stack>
    </Paper>
  );
}

function Place({ of }: { of: { type: string; name: string } | null }) {
  const { t } = useTranslation("dns");
  if (!of) return null;
  return (
    <Text size="sm">
      {t("at", { type: of.type })}{" "}
      <Code style={{ overflowWrap: "anywhere" }}>
        <Foreign text={of.name} />
      </Code>
    </Text>
  );
}

function Extras({ check }: { check: Check }) {
  const { t } = useTranslation("dns");
  const said = [
    // Where all is well the message tells the number by itself.
    check.status !== "pass" && typeof check.lookups === "number" && t("lookups", { count: check.lookups }),
    typeof check.void_lookups === "number" && check.void_lookups > 0 && t("voidLookups", { count: check.void_lookups }),
    check.certificate && t(`certificate.${check.certificate}`),
  ].filter(Boolean);
  if (said.length === 0) return null;
  return (
    <Text size="sm" c="dimmed">
      {said.join(" ")}
    </Text>
  );
}

/** Where the record stands: what MXroute named, or what the check is about by definition. */
function placeOf(name: Key, domain: string, expected: Expected | undefined): { type: string; name: string } | null {
  switch (name) {
    case "mx":
      return { type: "MX", name: domain };
    case "spf":
      return { type: "TXT", name: expected?.spf?.fqdn ?? domain };
    case "dmarc":
      return { type: "TXT", name: expected?.dmarc.fqdn ?? `_dmarc.${domain}` };
    case "dkim":
      return expected?.dkim ? { type: "TXT", name: expected.dkim.fqdn } : null;
    case "verification":
      return expected?.verification ? { type: "TXT", name: expected.verification.fqdn } : null;
    default:
      return { type: "CNAME", name: `${name}.${domain}` };
  }
}
