/** Somebody's rights in a few words. */
import { Badge, Text } from "@mantine/core";
import type { Schema } from "@/api/client";
import { useTranslation } from "@/text";

interface RightsTextProps {
  isAdmin: boolean;
  grants: ReadonlyArray<Schema<"GrantOut">>;
}

export function RightsText({ isAdmin, grants }: RightsTextProps) {
  const { t } = useTranslation("access");
  const [first] = grants;
  if (isAdmin) {
    return (
      <Badge variant="light" color="sea">
        {t("admin")}
      </Badge>
    );
  }
  if (!first) return <Text size="sm">{t("rightsNone")}</Text>;
  const permissions = first.permissions.map((each) => t(`permission.${each}`)).join(", ");
  return (
    <Text size="sm">
      {t("rightsOn", { count: grants.length, more: grants.length - 1, first: first.domain, permissions })}
    </Text>
  );
}
