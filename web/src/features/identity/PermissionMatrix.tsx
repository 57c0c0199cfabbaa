/**
 * Domain × permission. Searched and paged, so that it stays usable at hundreds of domains; a column's box gives the
 * permission on all domains that the search found, also on those of other pages.
 */
import { Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useId, useMemo, useState } from "react";
import type { Permission } from "@/api/client";
import { useTranslation } from "@/text";
import { Pages } from "@/ui/table/controls";
import { changed, count, type Grants, has, PERMISSIONS } from "./grants";
import { MatrixBox } from "./MatrixBox";
import classes from "./matrix.module.css";

interface PermissionMatrixProps {
  domains: readonly string[];
  value: Grants;
  onChange: (value: Grants) => void;
  error?: string;
}

const PAGE = 20;

export function PermissionMatrix({ domains, value, onChange, error }: PermissionMatrixProps) {
  const { t } = useTranslation("access");
  const [query, setQuery] = useState("");
  const [onlyGranted, setOnlyGranted] = useState(false);
  const [page, setPage] = useState(1);
  const errorId = useId();
  // A domain that is gone keeps its row, so that its permissions can be taken away.
  const all = useMemo(() => [...new Set([...domains, ...Object.keys(value)])].toSorted(), [domains, value]);
  const found = all.filter(
    (domain) => domain.includes(query.trim().toLowerCase()) && (!onlyGranted || domain in value),
  );
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  const at = Math.min(page, pages);
  const set = (names: readonly string[], permissions: readonly Permission[], given: boolean) =>
    onChange(changed(value, names, permissions, given));

  return (
    <Stack gap="xs" role="group" aria-label={t("matrix.label")} aria-describedby={error ? errorId : undefined}>
      <Group gap="md">
        <TextInput
          type="search"
          aria-label={t("matrix.search")}
          placeholder={t("matrix.search")}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setPage(1);
          }}
          style={{ flex: "1 1 10rem" }}
        />
        <Switch
          label={t("matrix.onlyGranted")}
          checked={onlyGranted}
          onChange={(event) => setOnlyGranted(event.currentTarget.checked)}
        />
      </Group>
      {found.length === 0 ? (
        <Text size="sm">{all.length === 0 ? t("matrix.nothing") : t("matrix.noMatch")}</Text>
      ) : (
        <div className={classes.frame}>
          <table className={classes.matrix}>
            <Head found={found} value={value} onSet={set} />
            <tbody>
              {found.slice((at - 1) * PAGE, at * PAGE).map((domain) => (
                <Row key={domain} domain={domain} known={domains.includes(domain)} value={value} onSet={set} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Group justify="space-between">
        <Summary value={value} />
        {pages > 1 && <Pages page={at} pages={pages} label={t("matrix.label")} onGo={setPage} />}
      </Group>
      {error && (
        <Text size="sm" c="var(--mantine-color-error)" id={errorId} role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}

interface PartProps {
  value: Grants;
  onSet: (domains: readonly string[], permissions: readonly Permission[], given: boolean) => void;
}

function Head({ found, value, onSet }: PartProps & { found: readonly string[] }) {
  const { t } = useTranslation("access");
  return (
    <thead>
      <tr>
        <th scope="col">{t("matrix.domain")}</th>
        {PERMISSIONS.map((permission) => {
          const name = t(`permission.${permission}`);
          const held = found.filter((domain) => has(value, domain, permission)).length;
          return (
            <th key={permission} scope="col" title={t(`permissionHint.${permission}`)}>
              <MatrixBox
                label={t("matrix.column", { permission: name, count: found.length })}
                checked={held === found.length}
                some={held > 0 && held < found.length}
                onChange={(given) => onSet(found, [permission], given)}
              />
              <span className={classes.name}>{name}</span>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function Row({ domain, known, value, onSet }: PartProps & { domain: string; known: boolean }) {
  const { t } = useTranslation("access");
  const held = value[domain]?.length ?? 0;
  return (
    <tr>
      <th scope="row">
        <MatrixBox
          label={t("matrix.all", { domain })}
          checked={held === PERMISSIONS.length}
          some={held > 0 && held < PERMISSIONS.length}
          onChange={(given) => onSet([domain], PERMISSIONS, given)}
        />
        <span>
          {domain}
          {!known && <small>{t("matrix.gone")}</small>}
        </span>
      </th>
      {PERMISSIONS.map((permission) => (
        <td key={permission} data-label={t(`permission.${permission}`)}>
          <MatrixBox
            label={t("matrix.on", { permission: t(`permission.${permission}`), domain })}
            checked={has(value, domain, permission)}
            onChange={(given) => onSet([domain], [permission], given)}
          />
        </td>
      ))}
    </tr>
  );
}

function Summary({ value }: { value: Grants }) {
  const { t } = useTranslation("access");
  const { domains, permissions } = count(value);
  return (
    <Text size="sm" role="status">
      {domains === 0
        ? t("matrix.none")
        : t("matrix.of", { count: permissions, domains: t("matrix.chosen", { count: domains }) })}
    </Text>
  );
}
