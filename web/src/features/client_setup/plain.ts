/** The settings as lines of text, for a message or a QR code. */
import type { Translate } from "@/text";
import type { ClientSettings, ServerSettings } from "./queries";

type Words = Translate<"mailboxes">;

export function encryptionName(server: ServerSettings, t: Words): string {
  return server.encryption === "ssl" ? t("setup.ssl") : t("setup.startTls");
}

export function plainText(settings: ClientSettings, email: string, t: Words): string {
  const named = (server: ServerSettings) => ({
    host: server.host,
    port: server.port,
    encryption: encryptionName(server, t),
  });
  const lines = [
    t("setup.text.email", { email }),
    t("setup.text.imap", named(settings.imap)),
    t("setup.text.smtp", named(settings.smtp_ssl)),
    t("setup.text.other", named(settings.smtp_starttls)),
  ];
  if (settings.webmail.url) lines.push(t("setup.text.webmail", { url: settings.webmail.url }));
  return lines.join("\n");
}
