/** Before a token gets a new secret, or ends. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/text";
import { ConfirmDialog, toast } from "@/ui";
import { revokeToken, rotateToken, type Token, type TokenMade, tokensQuery } from "./queries";

interface RotateTokenProps {
  token: Token;
  onMade: (made: TokenMade) => void;
  onClose: () => void;
}

export function RotateToken({ token, onMade, onClose }: RotateTokenProps) {
  const { t } = useTranslation("access");
  const queries = useQueryClient();
  const { label } = token;
  const rotate = useMutation({
    mutationFn: () => rotateToken(token.id),
    onSuccess: async ({ data }) => {
      onMade(data);
      await queries.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t("tokens.rotateTitle", { label })}
      effect={t("tokens.rotateEffect")}
      action={t("tokens.rotate")}
      busy={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate()}
      onClose={onClose}
    />
  );
}

export function RevokeToken({ token, onClose }: Omit<RotateTokenProps, "onMade">) {
  const { t } = useTranslation("access");
  const queries = useQueryClient();
  const { label } = token;
  const revoke = useMutation({
    mutationFn: () => revokeToken(token.id),
    onSuccess: async () => {
      toast(t("tokens.revoked", { label }));
      onClose();
      await queries.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t("tokens.revokeTitle", { label })}
      effect={t("tokens.revokeEffect")}
      name={label}
      action={t("tokens.revoke")}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    />
  );
}
