/** Something in the way that a repair leaves alone, unless it is told to take its place. */
import { Alert, Checkbox, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { Foreign } from "@/ui/Foreign";
import classes from "./dns.module.css";
import type { Conflict, Replaceable } from "./queries";

interface ConflictCardProps {
  conflict: Conflict;
  /** Left out where it can only be read. */
  onReplace?: (what: Replaceable, wanted: boolean) => void;
}

export function ConflictCard({ conflict, onReplace }: ConflictCardProps) {
  const { t } = useTranslation("dns");
  const { replace, found } = conflict;
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle aria-hidden />}
      title={<Foreign text={t("conflict", { type: conflict.type, name: conflict.name })} />}
    >
      <Stack gap="xs">
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          <Foreign text={conflict.reason} />
        </Text>
        {found.map((each) => (
          <span key={each} className={classes.record}>
            <Foreign text={each} />
          </span>
        ))}
        {replace && onReplace ? (
          <Checkbox
            label={<Foreign text={t("replace", { count: found.length, name: conflict.name })} />}
            checked={false}
            onChange={() => onReplace(replace, true)}
          />
        ) : (
          !replace && <Text size="sm">{t("noReplace")}</Text>
        )}
      </Stack>
    </Alert>
  );
}
