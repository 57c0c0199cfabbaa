/** Ctrl-K: to any page or domain by a few letters. The list itself is loaded when it is first opened. */
import { Button, Kbd } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "@/text";
import { useReturnedFocus } from "@/ui/dialogs";
import classes from "./shell.module.css";

const JumpList = lazy(() => import("./JumpList"));

export function Jump() {
  const { t } = useTranslation("app");
  const [opened, { open, close }] = useDisclosure(false);
  useHotkeys([["mod+K", open]], []);
  useReturnedFocus(opened);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSearch size={18} aria-hidden />}
        rightSection={
          <Kbd size="xs" visibleFrom="sm" aria-hidden="true">
            Ctrl K
          </Kbd>
        }
        aria-keyshortcuts="Control+K Meta+K"
        onClick={open}
      >
        <span className={classes.wide}>{t("jump.short")}</span>
      </Button>
      {opened && (
        <Suspense fallback={null}>
          <JumpList onClose={close} />
        </Suspense>
      )}
    </>
  );
}
