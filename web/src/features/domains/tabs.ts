/** The views of one domain: where they are, and which right of several opens them. */
import type { Permission } from "@/api/client";

export type TabName = "overview" | "dns" | "history" | "dmarc" | "pointers" | "hosting";

export interface Tab {
  name: TabName;
  /** The last part of its address. */
  path: string;
  to:
    | "/domains/$domain"
    | "/domains/$domain/dns"
    | "/domains/$domain/history"
    | "/domains/$domain/dmarc"
    | "/domains/$domain/pointers"
    | "/domains/$domain/hosting";
  needs: readonly Permission[];
}

export const tabs: readonly Tab[] = [
  {
    name: "overview",
    path: "",
    to: "/domains/$domain",
    needs: ["dashboard", "emails", "forwarders", "spam", "dns"],
  },
  { name: "dns", path: "dns", to: "/domains/$domain/dns", needs: ["dns", "dashboard"] },
  { name: "history", path: "history", to: "/domains/$domain/history", needs: ["dns"] },
  { name: "dmarc", path: "dmarc", to: "/domains/$domain/dmarc", needs: ["dns"] },
  { name: "pointers", path: "pointers", to: "/domains/$domain/pointers", needs: ["forwarders", "dashboard"] },
  { name: "hosting", path: "hosting", to: "/domains/$domain/hosting", needs: ["dns", "dashboard"] },
];
