/** What I may do. */
import { Stack, Text } from "@mantine/core";
import { useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";

export function Rights() {
  const { t } = useTranslation("settings");
  const { t: access } = useTranslation("access");
  const me = useMe();
  const domains = Object.entries(me.domain_grants);
  if (me.is_admin) return <Text size="sm">{t("profile.rightsAll")}</Text>;
  if (domains.length === 0) return <Text size="sm">{t("profile.rightsNone")}</Text>;
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {t("profile.rights")}
      </Text>
      <ul style={{ margin: 0 }}>
        {domains.map(([domain, permissions]) => (
          <li key={domain}>
            <Text size="sm" span>
              {domain}: {permissions.map((each) => access(`permission.${each}`)).join(", ")}
            </Text>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
