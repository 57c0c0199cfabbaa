/** There is no domain to choose from: what to do about it. */
import { IconWorldPlus } from "@tabler/icons-react";
import { useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { EmptyState } from "@/ui";
import { AppButton } from "@/ui/AppLink";

export function NoDomain() {
  const { t } = useTranslation("app");
  const me = useMe();
  if (!me.is_admin) return <EmptyState title={t("domain.noneForYou")} hint={t("domain.noneForYouHint")} />;
  return (
    <EmptyState
      icon={<IconWorldPlus size={36} aria-hidden />}
      title={t("domain.none")}
      hint={t("domain.noneHint")}
      action={<AppButton to="/domains/new">{t("domain.add")}</AppButton>}
    />
  );
}
