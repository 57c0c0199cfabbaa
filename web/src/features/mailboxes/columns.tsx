/** What the table of mailboxes shows. */
import { Badge, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconBan } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import type { Column } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { number } from "@/ui/format";
import { fullness, isNearLimit } from "./figures";
import type { Mailbox } from "./queries";
import { Usage } from "./Usage";

/** `manages`: the person may change mailboxes here, and so sees recovery addresses. */
export function useColumns(domain: string, manages: boolean): Column<Mailbox>[] {
  const { t } = useTranslation("mailboxes");
  const recoveryWord = (row: Mailbox) => (row.has_recovery_email ? t("recoverySet") : t("recoveryUnset"));
  return [
    {
      id: "address",
      header: t("address"),
      value: (row) => row.email,
      keywords: (row) => (row.suspended ? t("suspended") : ""),
      cell: (row) => <Address domain={domain} mailbox={row} manages={manages} />,
    },
    {
      id: "usage",
      header: t("storage"),
      value: (row) => row.usage,
      keywords: (row) => {
        const state = fullness(row);
        return state === "full" ? `${t("nearlyFull")} ${t("full")}` : state === "nearlyFull" ? t("nearlyFull") : "";
      },
      cell: (row) => <Usage mailbox={row} />,
    },
    {
      id: "sent",
      header: t("sent"),
      value: (row) => row.sent,
      keywords: (row) => (isNearLimit(row) ? t("nearLimit") : ""),
      cell: (row) => <Sent mailbox={row} />,
    },
    manages
      ? {
          id: "recovery",
          header: t("recovery"),
          value: (row) => row.recovery_email,
          cell: (row) =>
            row.recovery_email ?? (
              <Text span size="sm" c="dimmed">
                {t("recoveryNone")}
              </Text>
            ),
        }
      : { id: "recovery", header: t("recovery"), value: recoveryWord },
  ];
}

function Address({ domain, mailbox, manages }: { domain: string; mailbox: Mailbox; manages: boolean }) {
  const { t } = useTranslation("mailboxes");
  return (
    <Group gap="xs">
      {manages ? (
        <AppLink
          to="/email-accounts/$domain"
          params={{ domain }}
          search={(before) => ({ ...before, panel: "edit", item: mailbox.username })}
          resetScroll={false}
        >
          {mailbox.email}
        </AppLink>
      ) : (
        <span>{mailbox.email}</span>
      )}
      {mailbox.suspended && (
        <Badge variant="light" color="red" leftSection={<IconBan size={14} aria-hidden />}>
          {t("suspended")}
        </Badge>
      )}
    </Group>
  );
}

function Sent({ mailbox }: { mailbox: Mailbox }) {
  const { t } = useTranslation("mailboxes");
  const { sent, limit } = mailbox;
  if (sent === null) return <>{t("unknown")}</>;
  return (
    <Stack gap={2} align="flex-start">
      <span>{limit === null ? number(sent) : t("sentOf", { sent: number(sent), limit: number(limit) })}</span>
      {isNearLimit(mailbox) && (
        <Badge variant="light" color="yellow" leftSection={<IconAlertTriangle size={14} aria-hidden />}>
          {t("nearLimit")}
        </Badge>
      )}
    </Stack>
  );
}
