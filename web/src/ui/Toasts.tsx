/** The place where short messages appear. */
import "@mantine/notifications/styles.css";
import { Notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";

export default function Toasts() {
  const { t } = useTranslation("ui");
  return <Notifications position="bottom-right" aria-label={t("messages")} role="region" />;
}
