/** Over the page when the session has ended, so that nothing on the page is lost. */
import { Anchor, Button, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useEffectEvent, useState } from "react";
import { answered, api } from "@/api/client";
import { ApiError } from "@/api/errors";
import { goOn } from "@/api/session";
import { type Me, useMe } from "@/features/identity/api";
import { useTranslation } from "@/text";
import { ErrorNotice } from "@/ui";

export default function SignInAgain() {
  const { t } = useTranslation("app");
  const me = useMe();
  const queries = useQueryClient();
  const [password, setPassword] = useState("");

  function resume(now: Pick<Me, "email">) {
    // What is on the page belongs to the one who was here before.
    if (now.email !== me.email) {
      window.location.reload();
      return;
    }
    goOn();
    void queries.invalidateQueries();
  }

  const signIn = useMutation({
    mutationFn: () => answered(api.POST("/api/auth/login", { body: { username: me.email, password } })),
    onSuccess: ({ data }) => resume(data),
  });
  // A wrong password is said at the input: the notice's words for a 401 are of a session that ended.
  const refused = signIn.error instanceof ApiError && signIn.error.status === 401 ? signIn.error : null;
  // Perhaps they signed in in another tab.
  const look = useEffectEvent(async () => {
    const answer = await fetch("/api/me").catch(() => null);
    if (answer?.ok) resume(((await answer.json()) as { data: Me }).data);
  });
  useEffect(() => {
    const back = () => {
      if (document.visibilityState === "visible") void look();
    };
    document.addEventListener("visibilitychange", back);
    window.addEventListener("focus", back);
    return () => {
      document.removeEventListener("visibilitychange", back);
      window.removeEventListener("focus", back);
    };
  }, []);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (password) signIn.mutate();
  }

  return (
    <Modal.Root opened onClose={() => {}} closeOnEscape={false} closeOnClickOutside={false} centered zIndex={1000}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body pt="md">
          <form onSubmit={submit}>
            <Stack>
              <Modal.Title fz="lg" fw={600}>
                {t("again.title")}
              </Modal.Title>
              <Text size="sm">{t("again.hint", { name: me.email })}</Text>
              {signIn.error && !refused && <ErrorNotice error={signIn.error} />}
              <input type="hidden" autoComplete="username" value={me.email} readOnly />
              <TextInput
                data-autofocus
                type="password"
                label={t("again.password")}
                autoComplete="current-password"
                value={password}
                error={refused?.message}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              <Button type="submit" loading={signIn.isPending}>
                {t("again.signIn")}
              </Button>
              <Anchor href="/login" target="_blank" size="sm">
                {t("again.elsewhere")}
              </Anchor>
            </Stack>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
