/** A failure: what failed, what to do about it, and where to look further. */
import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { ApiError } from "@/api/errors";
import { type Translate, useTranslation } from "@/text";

interface ErrorNoticeProps {
  error: Error;
  /** Offered when trying again can help. */
  onRetry?: () => void;
  /** Says that what was typed is still there. */
  kept?: boolean;
}

export function ErrorNotice({ error, onRetry, kept }: ErrorNoticeProps) {
  const { t } = useTranslation("ui");
  const { title, message, hint } = describe(error, t);
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden />} title={title}>
      <Stack gap="xs">
        {message && <Text size="sm">{message}</Text>}
        {error instanceof ApiError && <FieldList error={error} />}
        {hint && <Text size="sm">{hint}</Text>}
        {kept && <Text size="sm">{t("error.kept")}</Text>}
        <Group gap="md">
          {onRetry && (
            <Button size="xs" variant="default" onClick={onRetry}>
              {t("retry")}
            </Button>
          )}
          {error instanceof ApiError && error.requestId && (
            <Text size="xs">
              {t("error.requestId")} <Code>{error.requestId}</Code>
            </Text>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

function FieldList({ error }: { error: ApiError }) {
  const fields = Object.entries(error.fields);
  if (fields.length === 0) return null;
  return (
    <ul style={{ margin: 0, paddingInlineStart: "1.2em" }}>
      {fields.map(([field, message]) => (
        <li key={field}>
          <Text size="sm" span>
            <Code>{field}</Code> {message}
          </Text>
        </li>
      ))}
    </ul>
  );
}

const TITLES = [
  "validation_error",
  "csrf_failed",
  "unauthorized",
  "forbidden",
  "not_found",
  "conflict",
  "too_large",
  "rate_limited",
  "upstream_error",
  "upstream_timeout",
  "unavailable",
  "not_configured",
  "internal_error",
  "network",
  "invalid_answer",
] as const;

/** The words for a failure. The server's own message comes first where it has one. */
export function describe(error: Error, t: Translate<"ui">): { title: string; message: string; hint: string } {
  if (!(error instanceof ApiError)) return { title: t("error.other"), message: error.message, hint: "" };
  const known = TITLES.find((each) => each === error.code);
  const title = known ? t(`error.${known}`) : t("error.other");
  const message = error.code === "network" ? "" : error.message;
  return { title, message, hint: hintFor(error, t) };
}

function hintFor(error: ApiError, t: Translate<"ui">): string {
  switch (error.code) {
    case "network":
      return t("error.networkHint");
    case "invalid_answer":
      return t("error.invalid_answerHint", { status: error.status });
    case "csrf_failed":
      return t("error.csrf_failedHint");
    case "rate_limited":
      return error.retryAfter
        ? t("error.rate_limitedHint", { seconds: error.retryAfter })
        : t("error.rate_limitedHintSoon");
    case "unavailable":
      return t("error.unavailableHint");
    case "internal_error":
      return t("error.internal_errorHint");
    default:
      return "";
  }
}
