/** Only the domains in one state; it is part of the address. */
import { NativeSelect } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "@/text";
import type { FleetRow } from "./queries";
import { STANDINGS, tally } from "./standing";

export function StateFilter({ state, rows }: { state: string; rows: readonly FleetRow[] }) {
  const { t } = useTranslation("fleet");
  const navigate = useNavigate();
  const counts = tally(rows);
  const present = STANDINGS.filter((each) => each === state || (counts.get(each) ?? 0) > 0);
  return (
    <NativeSelect
      aria-label={t("filter")}
      value={state}
      data={[
        { value: "", label: t("all") },
        ...present.map((each) => ({
          value: each,
          label: t("stateCount", { state: t(`state.${each}`), count: counts.get(each) ?? 0 }),
        })),
      ]}
      onChange={(event) => {
        const next = event.currentTarget.value || undefined;
        void navigate({
          to: ".",
          search: (before: object) => ({ ...before, state: next, page: undefined }) as never,
          resetScroll: false,
        });
      }}
    />
  );
}
