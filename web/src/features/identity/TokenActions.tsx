/** What can be done with a token. */
import { Group } from "@mantine/core";
import { IconRotate, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import { IconAction } from "@/ui";
import type { Token } from "./queries";

interface TokenActionsProps {
  token: Token;
  onRotate: () => void;
  onRevoke: () => void;
}

export function TokenActions({ token, onRotate, onRevoke }: TokenActionsProps) {
  const { t } = useTranslation("access");
  const { label } = token;
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <IconAction icon={IconRotate} label={t("tokens.rotateNamed", { label })} onClick={onRotate} />
      <IconAction danger icon={IconTrash} label={t("tokens.revokeNamed", { label })} onClick={onRevoke} />
    </Group>
  );
}
