/** One's own profile, how the app looks, the way to the API, and what this is. */
import { Anchor, Group, Paper, SegmentedControl, Stack, Text, Title, useMantineColorScheme } from "@mantine/core";
import type { ReactNode } from "react";
import { useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { Page } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { PasswordForm } from "./PasswordForm";
import { ProfileForm } from "./ProfileForm";

export function SettingsPage() {
  const { t } = useTranslation("settings");
  const me = useMe();
  return (
    <Page title={t("title")}>
      <Stack maw={760}>
        <Card title={t("profile.title")}>
          <ProfileForm />
        </Card>
        <Card title={t("password.title")}>
          <PasswordForm />
        </Card>
        <Card title={t("appearance.title")}>
          <Appearance />
        </Card>
        {me.is_admin && (
          <Card title={t("api.title")}>
            <Text size="sm">{t("api.lead")}</Text>
            <Group gap="lg">
              <Anchor href="/api/docs">{t("api.reference")}</Anchor>
              <Anchor href="/api/openapi.json" download="mxroute-manager-openapi.json">
                {t("api.openapi")}
              </Anchor>
              <AppLink to="/access-control/tokens">{t("api.tokens")}</AppLink>
            </Group>
          </Card>
        )}
        <Card title={t("about.title")}>
          <About />
        </Card>
      </Stack>
    </Page>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  );
}

function Appearance() {
  const { t } = useTranslation("settings");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      aria-label={t("appearance.label")}
      value={colorScheme}
      data={(["auto", "light", "dark"] as const).map((value) => ({ value, label: t(`appearance.${value}`) }))}
      onChange={(value) => setColorScheme(value as typeof colorScheme)}
    />
  );
}

function About() {
  const { t } = useTranslation("settings");
  const facts = [
    [t("about.version"), __MXM_VERSION__],
    [t("about.build"), __MXM_BUILD__],
    [t("about.licence"), t("about.mit")],
  ];
  return (
    <>
      <Text size="sm">{t("about.lead")}</Text>
      <dl style={{ display: "grid", gridTemplateColumns: "max-content 1fr", gap: "4px 24px", margin: 0 }}>
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd style={{ margin: 0, fontVariantNumeric: "tabular-nums" }}>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
