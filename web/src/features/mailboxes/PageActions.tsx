/** What can be done with the mailboxes of a domain as a whole. */
import { Button } from "@mantine/core";
import { IconDownload, IconPlus, IconUpload } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { AppButton } from "@/ui/AppLink";
import { exportAddress } from "./queries";

export function PageActions({ domain, onCreate }: { domain: string; onCreate: () => void }) {
  const { t } = useTranslation("mailboxes");
  return (
    <>
      <Button
        component="a"
        href={exportAddress(domain)}
        download
        variant="default"
        leftSection={<IconDownload size={18} aria-hidden />}
      >
        {t("exportCsv")}
      </Button>
      <AppButton
        to="/email-accounts/import"
        search={{ domain }}
        variant="default"
        leftSection={<IconUpload size={18} aria-hidden />}
      >
        {t("importCsv")}
      </AppButton>
      <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={onCreate}>
        {t("create")}
      </Button>
    </>
  );
}
