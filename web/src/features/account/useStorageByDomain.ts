import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { sizesQuery } from "./queries";
import { type Storage, storageByDomain } from "./sums";

/** Undefined while it is not known, or for those who may not see it. */
export function useStorageByDomain(allowed: boolean): ReadonlyMap<string, Storage> | undefined {
  const mailboxes = useQuery({ ...sizesQuery, enabled: allowed }).data?.data.accounts;
  return useMemo(() => mailboxes && storageByDomain(mailboxes), [mailboxes]);
}
