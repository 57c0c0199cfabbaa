/** What stands there when there is nothing to show: starting, not found, broken. */
import { Anchor, Button, Center, Loader, Stack } from "@mantine/core";
import { IconBug, IconMapOff } from "@tabler/icons-react";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/errors";
import { EmptyState, ErrorNotice } from "@/ui";
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
    <EmptyState
      icon={<IconMapOff size={36} aria-hidden />}
      title={t("notFound.title")}
      hint={t("notFound.hint")}
      action={<AppLink to="/">{t("notFound.home")}</AppLink>}
    />
  );
}

/** A page that failed. Files of an older version are gone after an update: then loading again is all that is needed. */
export function Broken(props: ErrorComponentProps) {
  const error = props.error instanceof Error ? props.error : new Error(String(props.error));
  const { t } = useTranslation("app");
  const updated = /dynamically imported module|module script failed/i.test(error.message);
  if (error instanceof ApiError) return <ErrorNotice error={error} onRetry={() => window.location.reload()} />;
  return (
    <EmptyState
      icon={<IconBug size={36} aria-hidden />}
      title={updated ? t("newVersion") : t("broken.title")}
      hint={updated ? undefined : t("broken.hint")}
      action={
        <Stack align="center">
          <Button onClick={() => window.location.reload()}>{t("broken.reload")}</Button>
          <Anchor href="/">{t("notFound.home")}</Anchor>
        </Stack>
      }
    />
  );
}
