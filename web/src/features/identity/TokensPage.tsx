/** API tokens: what each may do, when it was used, and how to get another. */
import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "@/text";
import { Ago, type Column, DataTable, EmptyState, Page, QueryView, SidePanel } from "@/ui";
import { useNow } from "@/ui/useNow";
import { useWhileHere } from "@/ui/useWhileHere";
import { AdminsOnly } from "./Guard";
import { type Token, type TokenMade, tokensQuery } from "./queries";
import { RightsText } from "./RightsText";
import { TokenActions } from "./TokenActions";
import { RevokeToken, RotateToken } from "./TokenDialogs";
import { TokenForm } from "./TokenForm";
import { TokenSecret } from "./TokenSecret";

const route = getRouteApi("/access-control/tokens");

export function TokensPage() {
  return (
    <AdminsOnly>
      <Tokens />
    </AdminsOnly>
  );
}

function Tokens() {
  const { t } = useTranslation("access");
  const { panel, item } = route.useSearch();
  const navigate = route.useNavigate();
  const tokens = useQuery(tokensQuery);
  const columns = useColumns();
  // The secret is nowhere but here, and gone when its panel closes or the address goes elsewhere.
  const place = `${panel ?? ""} ${item ?? ""}`;
  const [kept, setKept] = useState<{ place: string; made: TokenMade } | null>(null);
  if (kept && kept.place !== place) setKept(null);
  const made = kept?.place === place ? kept.made : null;
  const setMade = (next: TokenMade) => setKept({ place, made: next });
  const open = (next?: typeof panel, about?: string) =>
    void navigate({ search: (before) => ({ ...before, panel: next, item: about }) });
  const close = useWhileHere(() => open());
  const chosen = tokens.data?.data.find((token) => token.id === item);
  const create = (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => open("create")}>
      {t("tokens.create")}
    </Button>
  );
  return (
    <Page title={t("tabs.tokens")} lead={t("tokens.lead")} actions={create}>
      <QueryView query={tokens}>
        {(rows) => (
          <DataTable
            label={t("tokens.list")}
            rows={rows}
            rowKey={(token) => token.id}
            columns={columns}
            defaultSort="label"
            actions={(token) => (
              <TokenActions
                token={token}
                onRotate={() => open("rotate", token.id)}
                onRevoke={() => open("revoke", token.id)}
              />
            )}
            empty={
              <EmptyState
                icon={<IconKey size={36} aria-hidden />}
                title={t("tokens.empty")}
                hint={t("tokens.emptyHint")}
                action={create}
              />
            }
          />
        )}
      </QueryView>
      <SidePanel
        title={made ? t("tokens.created") : t("tokens.create")}
        opened={panel === "create"}
        onClose={close}
        size="xl"
        once={Boolean(made?.token)}
      >
        {made ? <TokenSecret made={made} onDone={close} /> : <TokenForm onMade={setMade} onCancel={close} />}
      </SidePanel>
      <SidePanel
        title={t("tokens.rotated")}
        opened={panel === "rotate" && made !== null}
        onClose={close}
        size="xl"
        once={Boolean(made?.token)}
      >
        {made && <TokenSecret made={made} onDone={close} />}
      </SidePanel>
      <SidePanel
        title={panel === "revoke" ? t("tokens.revoke") : t("tokens.rotate")}
        opened={
          (panel === "rotate" || panel === "revoke") && tokens.data !== undefined && !tokens.isFetching && !chosen
        }
        onClose={close}
      >
        <EmptyState title={t("tokens.gone")} hint={t("tokens.goneHint")} />
      </SidePanel>
      {panel === "rotate" && chosen && !made && <RotateToken token={chosen} onMade={setMade} onClose={close} />}
      {panel === "revoke" && chosen && <RevokeToken token={chosen} onClose={close} />}
    </Page>
  );
}

function useColumns(): Column<Token>[] {
  const { t } = useTranslation("access");
  return [
    {
      id: "label",
      header: t("tokens.label"),
      value: (token) => token.label,
      cell: (token) => (
        <Stack gap={0}>
          <Text span>{token.label}</Text>
          <Text span size="xs" c="dimmed" ff="monospace">
            {token.token_prefix}…
          </Text>
        </Stack>
      ),
    },
    {
      id: "rights",
      header: t("rights"),
      value: (token) => (token.is_admin ? t("admin") : token.grants.map((grant) => grant.domain).join(" ")),
      cell: (token) => <RightsText isAdmin={token.is_admin} grants={token.grants} />,
    },
    {
      id: "networks",
      header: t("tokens.networks"),
      value: (token) => token.allowed_networks.join(", ") || t("tokens.anywhere"),
    },
    {
      id: "expires",
      header: t("tokens.expires"),
      value: (token) => token.expires_at,
      cell: (token) => <Expiry at={token.expires_at} />,
    },
    {
      id: "used",
      header: t("tokens.lastUsed"),
      value: (token) => token.last_used_at,
      cell: (token) => <LastUse token={token} />,
    },
  ];
}

function Expiry({ at }: { at: string | null }) {
  const { t } = useTranslation("access");
  const now = useNow();
  if (!at) return <>{t("tokens.expiry.never")}</>;
  return (
    <Group gap="xs">
      <Ago at={at} />
      {new Date(at).getTime() <= now && (
        <Badge variant="light" color="red">
          {t("tokens.expired")}
        </Badge>
      )}
    </Group>
  );
}

function LastUse({ token }: { token: Token }) {
  const { t } = useTranslation("access");
  return (
    <Stack gap={0}>
      <Ago at={token.last_used_at} fallback={t("tokens.neverUsed")} />
      {token.last_used_ip && (
        <Text span size="xs" c="dimmed">
          {t("tokens.from", { address: token.last_used_ip })}
        </Text>
      )}
    </Stack>
  );
}
