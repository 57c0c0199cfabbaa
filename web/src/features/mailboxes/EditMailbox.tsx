/** Changing a mailbox: three things that are saved each on its own, as MXroute takes them. */
import { Divider, Stack } from "@mantine/core";
import { QuotaForm } from "./QuotaForm";
import type { Mailbox } from "./queries";
import { RecoveryForm } from "./RecoveryForm";
import { SecretForm } from "./SecretForm";

export function EditMailbox({ domain, mailbox }: { domain: string; mailbox: Mailbox }) {
  return (
    <Stack gap="xl">
      <QuotaForm domain={domain} mailbox={mailbox} />
      <Divider />
      <SecretForm domain={domain} mailbox={mailbox} />
      <Divider />
      <RecoveryForm domain={domain} mailbox={mailbox} />
    </Stack>
  );
}
