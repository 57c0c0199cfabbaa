/** How much a mailbox may hold: an amount in a unit, or no limit. */
import { Checkbox, Group, NativeSelect, NumberInput, Stack } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "@/text";
import { fromMb, toMb, UNITS, type Unit } from "./quota";

interface QuotaInputProps {
  /** MB, 0 for unlimited; null while nothing usable is typed. */
  value?: number | null;
  onChange?: (mb: number | null) => void;
  error?: ReactNode;
}

export function QuotaInput({ value = null, onChange, error }: QuotaInputProps) {
  const { t } = useTranslation("mailboxes");
  const unlimited = value === 0;
  const [typed, setTyped] = useState<{ amount: number | string; unit: Unit }>(() =>
    value ? fromMb(value) : { amount: value === 0 ? 1 : "", unit: "GiB" },
  );

  function type(next: typeof typed) {
    setTyped(next);
    onChange?.(toMb(next.amount, next.unit));
  }

  return (
    <Stack gap={6}>
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <NumberInput
          label={t("form.quota")}
          required={!unlimited}
          disabled={unlimited}
          min={0}
          allowNegative={false}
          decimalScale={2}
          value={unlimited ? "" : typed.amount}
          error={error}
          onChange={(amount) => type({ ...typed, amount })}
          style={{ flex: 1 }}
        />
        <NativeSelect
          label={t("form.quotaUnit")}
          disabled={unlimited}
          data={[...UNITS]}
          value={typed.unit}
          onChange={(event) => type({ ...typed, unit: event.currentTarget.value as Unit })}
          w={90}
        />
      </Group>
      <Checkbox
        label={t("form.quotaUnlimited")}
        checked={unlimited}
        onChange={(event) => onChange?.(event.currentTarget.checked ? 0 : toMb(typed.amount, typed.unit))}
      />
    </Stack>
  );
}
