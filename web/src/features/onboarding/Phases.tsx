/** The five phases of the wizard, and which one it is at. */
import { Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useTranslation } from "@/text";
import classes from "./onboarding.module.css";
import type { Phase } from "./setup";

export function Phases({ of }: { of: readonly Phase[] }) {
  const { t } = useTranslation("domains");
  return (
    <ol className={classes.phases} aria-label={t("wizard.phases")}>
      {of.map(({ name, state }, place) => (
        <li
          key={name}
          className={classes.phase}
          data-state={state}
          aria-current={state === "current" || state === "failed" ? "step" : undefined}
        >
          <span className={classes.number}>
            {state === "done" ? (
              <IconCheck size={16} aria-label={t("wizard.isDone")} role="img" />
            ) : state === "failed" ? (
              <IconX size={16} aria-label={t("wizard.isFailed")} role="img" />
            ) : (
              place + 1
            )}
          </span>
          <Text size="sm" fw={state === "current" ? 650 : 400}>
            {t(`wizard.phase.${name}`)}
          </Text>
        </li>
      ))}
    </ol>
  );
}
