/** What can be done with a token. */
import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { IconRotate, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import type { Token } from "./queries";

interface TokenActionsProps {
  token: Token;
  onRotate: () => void;
  onRevoke: () => void;
}

export function TokenActions({ token, onRotate, onRevoke }: TokenActionsProps) {
  const { t } = useTranslation("access");
  const rotate = t("tokens.rotateNamed", { label: token.label });
  const revoke = t("tokens.revokeNamed", { label: token.label });
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <Tooltip label={rotate}>
        <ActionIcon variant="subtle" color="gray" aria-label={rotate} onClick={onRotate}>
          <IconRotate size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={revoke}>
        <ActionIcon variant="subtle" color="red" aria-label={revoke} onClick={onRevoke}>
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
