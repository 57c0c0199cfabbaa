/** What is shown of the log. All of it is in the address. */
import { Button, Group, NativeSelect, Switch, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "@/text";
import { date as dayName } from "@/ui/format";
import type { LogFilter } from "./queries";

const route = getRouteApi("/audit-log");
const TYPING_MS = 100;

interface FiltersProps {
  filter: LogFilter;
  live: boolean;
  /** Days that have entries, newest first. */
  days: readonly string[];
}

export function Filters({ filter, live, days }: FiltersProps) {
  const { t } = useTranslation("audit");
  const navigate = route.useNavigate();
  const set = (change: Partial<LogFilter> & { live?: boolean }, replace = false) =>
    void navigate({
      search: (before) => {
        const next = Object.entries({ ...before, ...change }).filter(([, value]) => value !== "" && value !== false);
        return Object.fromEntries(next);
      },
      replace,
      resetScroll: false,
    });
  const known = filter.date && !days.includes(filter.date) ? [filter.date, ...days] : days;
  const filtered = Object.values(filter).some((value) => value !== "");
  return (
    <Group gap="sm" align="flex-end">
      <NativeSelect
        label={t("filter.day")}
        value={filter.date}
        data={[
          { value: "", label: t("filter.allDays") },
          // Noon, so that the day stays the same in every zone.
          ...known.map((day) => ({ value: day, label: dayName(`${day}T12:00:00`) })),
        ]}
        onChange={(event) => set({ date: event.currentTarget.value })}
      />
      {(["actor", "action", "target"] as const).map((name) => (
        <TypedFilter
          key={name}
          label={t(`filter.${name}`)}
          placeholder={name === "action" ? t("filter.actionHint") : undefined}
          value={filter[name]}
          onChange={(value) => set({ [name]: value }, true)}
        />
      ))}
      <TypedFilter label={t("filter.text")} value={filter.q} onChange={(q) => set({ q }, true)} />
      <Tooltip label={t("liveHint")}>
        <Switch
          label={t("live")}
          checked={live}
          onChange={(event) => set({ live: event.currentTarget.checked })}
          pb={8}
        />
      </Tooltip>
      {filtered && (
        <Button variant="subtle" onClick={() => void navigate({ search: live ? { live } : {} })}>
          {t("filter.clear")}
        </Button>
      )}
    </Group>
  );
}

interface TypedFilterProps {
  label: string;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
}

/** What is typed reaches the address when the typing rests. */
function TypedFilter({ label, placeholder, value, onChange }: TypedFilterProps) {
  const [typed, setTyped] = useState(value);
  const send = useDebouncedCallback(onChange, TYPING_MS);
  useEffect(() => {
    // Changed by other means: what was typed before does not come after it.
    send.cancel();
    setTyped(value);
  }, [value, send]);
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={typed}
      maxLength={300}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
      style={{ flex: "1 1 9rem", maxWidth: "18rem" }}
    />
  );
}
