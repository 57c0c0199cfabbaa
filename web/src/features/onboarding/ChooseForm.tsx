/** Which domain, and where its DNS is. */
import { Alert, Button, Checkbox, Group, Paper, Radio, Stack, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ApiError } from "@/api/errors";
import { domainsQuery } from "@/features/domains/api";
import { useTranslation } from "@/text";
import { ErrorNotice, useSave } from "@/ui";
import { AppLink } from "@/ui/AppLink";
import { useWhileHere } from "@/ui/useWhileHere";
import { setupsQuery, startSetup } from "./queries";
import { tidy } from "./setup";

const route = getRouteApi("/domains/new");

type Dns = "cloudflare" | "manual";

interface ChooseFormProps {
  /** From the address. */
  domain: string;
  /** Whether the manager can publish at Cloudflare. */
  cloudflare: boolean;
}

export function ChooseForm({ domain, cloudflare }: ChooseFormProps) {
  const { t } = useTranslation("domains");
  const navigate = route.useNavigate();
  const follow = useWhileHere((name: string, job: string) => void navigate({ search: { domain: name, job } }));
  const queries = useQueryClient();
  const form = useForm({
    initialValues: {
      domain,
      dns: (cloudflare ? "cloudflare" : "manual") as Dns,
      webmail: true,
      dmarc_record: "",
    },
  });
  const { mutation, onSubmit, problem } = useSave(
    form,
    (values) => startSetup({ ...values, domain: tidy(values.domain), dmarc_record: values.dmarc_record || null }),
    async ({ data }, values) => {
      await queries.invalidateQueries({ queryKey: setupsQuery.queryKey });
      follow(tidy(values.domain), data.id);
    },
  );
  // Of all conflicts this form can have, each is about the name.
  const taken = problem instanceof ApiError && problem.code === "conflict" ? problem.message : null;
  const name = form.getInputProps("domain");
  return (
    <form onSubmit={onSubmit}>
      <Paper withBorder p="md" maw={720}>
        <Stack gap="lg">
          <Title order={2} size="h4">
            {t("wizard.phase.choose")}
          </Title>
          {problem && !taken && <ErrorNotice error={problem} kept />}
          <TextInput
            required
            autoFocus
            label={t("wizard.domain")}
            description={t("wizard.domainHint")}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            {...name}
            onBlur={(event) => {
              name.onBlur(event);
              const found = tidy(form.values.domain);
              if (found !== form.values.domain) form.setFieldValue("domain", found);
            }}
            error={form.errors.domain ?? taken}
          />
          <AlreadyThere domain={tidy(form.values.domain)} />
          {!cloudflare && <Alert color="sea">{t("wizard.noCloudflare")}</Alert>}
          <Radio.Group label={t("wizard.dns")} {...form.getInputProps("dns")}>
            <Stack gap="sm" mt="xs">
              <Radio
                value="cloudflare"
                disabled={!cloudflare}
                label={t("wizard.cloudflare")}
                description={t("wizard.cloudflareHint")}
              />
              <Radio value="manual" label={t("wizard.manual")} description={t("wizard.manualHint")} />
            </Stack>
          </Radio.Group>
          <Checkbox
            label={t("wizard.webmail")}
            description={t("wizard.webmailHint", { domain: tidy(form.values.domain) || "example.com" })}
            {...form.getInputProps("webmail", { type: "checkbox" })}
          />
          <TextInput
            label={t("wizard.dmarc")}
            description={t("wizard.dmarcHint")}
            placeholder="v=DMARC1; p=none;"
            spellCheck={false}
            {...form.getInputProps("dmarc_record")}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={mutation.isPending}>
              {t("wizard.start")}
            </Button>
          </Group>
        </Stack>
      </Paper>
    </form>
  );
}

/** A domain that is on the account may be set up all the same: only what is missing is done. */
function AlreadyThere({ domain }: { domain: string }) {
  const { t } = useTranslation("domains");
  const known = useQuery(domainsQuery).data?.data ?? [];
  if (!known.includes(domain)) return null;
  return (
    <Alert color="sea" role="status">
      {t("wizard.already", { domain })}{" "}
      <AppLink to="/domains/$domain" params={{ domain }} size="sm">
        {t("wizard.open", { domain })}
      </AppLink>
    </Alert>
  );
}
