/** Who of one domain sends how much of what they may send a day. */
import { Paper, Select, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { may, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { Freshness, QueryView, SkeletonLines } from "@/ui";
import { number } from "@/ui/format";
import { Bars } from "./Bars";
import { type Sending, sendingQuery } from "./queries";

const SHOWN = 8;

interface SendingCardProps {
  rows: ReadonlyArray<{ domain: string; mailbox_count: number | null }>;
  /** The domain in the address; empty: the first one with a mailbox. */
  chosen: string;
}

export function SendingCard({ rows, chosen }: SendingCardProps) {
  const { t } = useTranslation("fleet");
  const me = useMe();
  const navigate = useNavigate();
  const allowed = rows.filter((row) => may(me, row.domain, "dashboard"));
  const first = allowed.find((row) => (row.mailbox_count ?? 0) > 0) ?? allowed[0];
  const domain = allowed.some((row) => row.domain === chosen) ? chosen : (first?.domain ?? "");
  if (domain === "") return null;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="sending">
      <Stack gap="md">
        <Title order={2} size="h4" id="sending">
          {t("sending")}
        </Title>
        <Select
          label={t("sendingOf")}
          data={allowed.map((row) => row.domain)}
          value={domain}
          searchable
          allowDeselect={false}
          limit={60}
          // As in the domain switcher: the list itself scrolls.
          withScrollArea={false}
          styles={{ options: { maxHeight: 320, overflowY: "auto" } }}
          onChange={(next) =>
            void navigate({
              to: ".",
              search: (before: object) => ({ ...before, sending: next ?? undefined }) as never,
              resetScroll: false,
            })
          }
        />
        <Senders domain={domain} />
      </Stack>
    </Paper>
  );
}

function Senders({ domain }: { domain: string }) {
  const { t } = useTranslation("fleet");
  const sending = useQuery(sendingQuery(domain));
  return (
    <QueryView query={sending} loading={<SkeletonLines count={6} height={24} />}>
      {({ mailboxes, totals }, meta) => (
        <Stack gap="md">
          <TopSenders of={mailboxes} />
          <div>
            <Text size="sm">{t("sentInAll", { number: number(totals.sent) })}</Text>
            {mailboxes.some((each) => each.sent === null) && <Text size="sm">{t("sentUnknown")}</Text>}
            <Freshness at={meta?.fetched_at} onRefresh={() => void sending.refetch()} busy={sending.isFetching} />
          </div>
        </Stack>
      )}
    </QueryView>
  );
}

function TopSenders({ of }: { of: Sending["mailboxes"] }) {
  const { t } = useTranslation("fleet");
  const senders = of
    .filter((each) => (each.sent ?? 0) > 0)
    .toSorted((a, b) => (b.sent ?? 0) - (a.sent ?? 0))
    .slice(0, SHOWN);
  if (senders.length === 0) return <Text size="sm">{of.length === 0 ? t("noMailboxes") : t("nothingSent")}</Text>;
  return (
    <Bars
      limited
      bars={senders.map(({ email, sent, limit }) => ({
        key: email,
        name: email,
        text: t("sentOf", { sent: number(sent ?? 0), limit: limit === null ? "–" : number(limit) }),
        share: limit ? (sent ?? 0) / limit : 0,
      }))}
    />
  );
}
