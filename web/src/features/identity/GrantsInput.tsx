/** The matrix over the domains of the account. */
import { useQuery } from "@tanstack/react-query";
import { domainsQuery } from "@/features/domains/api";
import { ErrorNotice } from "@/ui";
import type { Grants } from "./grants";
import { PermissionMatrix } from "./PermissionMatrix";

interface GrantsInputProps {
  value: Grants;
  onChange: (value: Grants) => void;
  error: unknown;
}

export function GrantsInput({ value, onChange, error }: GrantsInputProps) {
  const domains = useQuery(domainsQuery);
  return (
    <>
      {domains.error && <ErrorNotice error={domains.error} onRetry={() => void domains.refetch()} />}
      <PermissionMatrix
        domains={domains.data?.data ?? []}
        value={value}
        onChange={onChange}
        error={typeof error === "string" ? error : undefined}
      />
    </>
  );
}
