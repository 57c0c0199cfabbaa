/** What stands there when there is nothing to show: starting, not found, broken. */
import { Anchor, Button, Center, Group, Loader } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { ApiError } from "@/api/errors";
import { useTranslation } from "@/text";
import { ErrorNotice, Page } from "@/ui";
import { AppLink } from "@/ui/AppLink";

export function Starting() {
  const { t } = useTranslation("ui");
  return (
    <Center mih={240}>
      <Loader aria-label={t("loading")} />
    </Center>
  );
}

export function NotFound() {
  const { t } = useTranslation("app");
  return (
    <Page title={t("notFound.title")} lead={t("notFound.hint")}>
      <AppLink to="/">{t("notFound.home")}</AppLink>
    </Page>
  );
}

/** A page that failed. Files of an older version are gone after an update: then loading again is all that is needed. */
export function Broken(props: ErrorComponentProps) {
  const error = props.error instanceof Error ? props.error : new Error(String(props.error));
  const { t } = useTranslation("app");
  const updated = /dynamically imported module|module script failed/i.test(error.message);
  if (error instanceof ApiError) return <ErrorNotice error={error} onRetry={() => window.location.reload()} />;
  return (
    <Page title={updated ? t("newVersion") : t("broken.title")} lead={updated ? undefined : t("broken.hint")}>
      <Group>
        <Button onClick={() => window.location.reload()}>{t("broken.reload")}</Button>
        <Anchor href="/">{t("notFound.home")}</Anchor>
      </Group>
    </Page>
  );
}
