/** For administrators: without Cloudflare nothing can be published or repaired from here. */
import { Alert } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { cloudflareQuery } from "./queries";

export function CloudflareHint() {
  const { t } = useTranslation("fleet");
  const me = useMe();
  const status = useQuery({ ...cloudflareQuery, enabled: me.is_admin }).data?.data;
  if (!status || status.configured) return null;
  return (
    <Alert color="sea" icon={<IconCloudOff aria-hidden />} title={t("cloudflare.title")}>
      {t("cloudflare.hint")}
    </Alert>
  );
}
