/** Reading all domains anew. What takes longer goes on as a job, whose id is part of the address. */
import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "@/text";
import { toast } from "@/ui";
import { useWhileHere } from "@/ui/useWhileHere";
import { fleetQuery, refreshFleet } from "./queries";
import { isUnread } from "./standing";

type Refreshed = Awaited<ReturnType<typeof refreshFleet>>;

export function useRefresh(): UseMutationResult<Refreshed, Error, void> {
  const { t } = useTranslation("fleet");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const follow = useWhileHere(
    (job: string) =>
      void navigate({ to: ".", search: (before: object) => ({ ...before, job }) as never, replace: true }),
  );
  return useMutation({
    mutationFn: () => refreshFleet(),
    onSuccess: async ({ job, rows }) => {
      if (job && job.created_by !== "somebody else") {
        follow(job.id);
      } else if (job) {
        toast(t("refreshShared"));
      } else {
        const unread = rows.filter(isUnread).length;
        toast(unread > 0 ? t("refreshedPartly", { count: unread, total: rows.length }) : t("refreshed"));
      }
      await queries.invalidateQueries({ queryKey: fleetQuery.queryKey });
      await queries.invalidateQueries({ queryKey: ["quota"] });
    },
  });
}
