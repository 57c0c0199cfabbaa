/** Browsers that are signed in: one's own, and for administrators everybody's. */
import { Badge, Button, Group, Switch, Text } from "@mantine/core";
import { IconDevices, IconLogout } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "@/text";
import { Ago, type Column, ConfirmDialog, DataTable, EmptyState, Page, QueryView, toast } from "@/ui";
import { browserName } from "./browserName";
import { useMe } from "./me";
import { endOtherSessions, endSession, type Session, sessionsQuery } from "./queries";

const route = getRouteApi("/access-control/sessions");

export function SessionsPage() {
  const { t } = useTranslation("access");
  const me = useMe();
  const { everybody = false } = route.useSearch();
  const navigate = route.useNavigate();
  const all = everybody && me.is_admin;
  const sessions = useQuery(sessionsQuery(all));
  const [ending, setEnding] = useState<Session | "others" | null>(null);
  const columns = useColumns(all);
  return (
    <Page
      title={t("tabs.sessions")}
      lead={t("sessions.lead")}
      actions={
        <Button
          variant="default"
          leftSection={<IconLogout size={18} aria-hidden />}
          disabled={!all && (sessions.data?.data.length ?? 0) < 2}
          onClick={() => setEnding("others")}
        >
          {t("sessions.endOthers")}
        </Button>
      }
    >
      {me.is_admin && (
        <Switch
          label={t("sessions.everybody")}
          checked={all}
          onChange={(event) => {
            const wanted = event.currentTarget.checked || undefined;
            void navigate({ search: (before) => ({ ...before, everybody: wanted }) });
          }}
        />
      )}
      <QueryView query={sessions}>
        {(rows) => (
          <DataTable
            label={t("sessions.list")}
            rows={rows}
            rowKey={(session) => session.id}
            columns={columns}
            defaultSort="-seen"
            actions={(session) => <EndButton session={session} onEnd={() => setEnding(session)} />}
            empty={<EmptyState icon={<IconDevices size={36} aria-hidden />} title={t("sessions.only")} />}
          />
        )}
      </QueryView>
      {ending && <EndDialog ending={ending} everybody={all} onClose={() => setEnding(null)} />}
    </Page>
  );
}

function useColumns(everybody: boolean): Column<Session>[] {
  const { t } = useTranslation("access");
  const name = (session: Session) => browserName(session.user_agent) ?? t("sessions.unknownBrowser");
  const columns: Column<Session>[] = [
    {
      id: "browser",
      header: t("sessions.browser"),
      value: name,
      cell: (session) => (
        <Group gap="xs">
          <Text span title={session.user_agent ?? undefined}>
            {name(session)}
          </Text>
          {session.current && (
            <Badge variant="light" color="green">
              {t("sessions.current")}
            </Badge>
          )}
        </Group>
      ),
    },
    { id: "address", header: t("sessions.address"), value: (session) => session.address },
    {
      id: "since",
      header: t("sessions.since"),
      value: (session) => session.created_at,
      cell: (session) => <Ago at={session.created_at} />,
    },
    {
      id: "seen",
      header: t("sessions.seen"),
      value: (session) => session.seen_at,
      cell: (session) => <Ago at={session.seen_at} />,
    },
  ];
  const user: Column<Session> = { id: "user", header: t("sessions.user"), value: (session) => session.user };
  return everybody ? [user, ...columns] : columns;
}

/** The present one is ended by signing out. */
function EndButton({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const { t } = useTranslation("access");
  if (session.current) return null;
  const browser = browserName(session.user_agent) ?? t("sessions.unknownBrowser");
  return (
    <Button size="compact-sm" variant="default" aria-label={t("sessions.endNamed", { browser })} onClick={onEnd}>
      {t("sessions.end")}
    </Button>
  );
}

interface EndDialogProps {
  ending: Session | "others";
  everybody: boolean;
  onClose: () => void;
}

function EndDialog({ ending, everybody, onClose }: EndDialogProps) {
  const { t } = useTranslation("access");
  const queries = useQueryClient();
  const others = ending === "others";
  const end = useMutation({
    mutationFn: async () => {
      if (ending === "others") await endOtherSessions();
      else await endSession(ending.id, everybody);
    },
    onSuccess: async () => {
      toast(others ? t("sessions.endedOthers") : t("sessions.ended"));
      onClose();
      await queries.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  const effect = others
    ? t("sessions.endOthersEffect")
    : t("sessions.endEffect", {
        browser: browserName(ending.user_agent) ?? t("sessions.unknownBrowser"),
        address: ending.address ?? "–",
      });
  return (
    <ConfirmDialog
      opened
      title={others ? t("sessions.endOthers") : t("sessions.endTitle")}
      effect={effect}
      action={others ? t("sessions.endOthers") : t("sessions.end")}
      busy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate()}
      onClose={onClose}
    />
  );
}
