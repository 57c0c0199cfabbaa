/** The places of the navigation: where they lead, and who may go there. Notifications join when they exist. */
import {
  IconArrowForwardUp,
  IconChecklist,
  IconGauge,
  IconHistory,
  IconKey,
  IconMail,
  type IconProps,
  IconSettings,
  IconShieldHalf,
  IconWorld,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { Permission } from "@/api/client";
import { type Me, mayAnywhere } from "@/features/identity/api";

interface SectionBase {
  name:
    | "dashboard"
    | "domains"
    | "emailAccounts"
    | "forwarders"
    | "spamControls"
    | "accessControl"
    | "auditLog"
    | "jobs"
    | "settings";
  icon: ComponentType<IconProps>;
  /** Rights of which one is needed on some domain; `admin`: administrators only; none: everybody. */
  needs?: readonly Permission[] | "admin";
}

/** A section of one domain at a time: the domain is part of its address. */
export interface DomainSection extends SectionBase {
  perDomain: "/email-accounts" | "/forwarders" | "/spam-controls";
}

interface PlainSection extends SectionBase {
  to: "/" | "/domains" | "/access-control" | "/audit-log" | "/jobs" | "/settings";
}

export type Section = DomainSection | PlainSection;

export const sections: readonly Section[] = [
  { name: "dashboard", icon: IconGauge, to: "/" },
  { name: "domains", icon: IconWorld, to: "/domains" },
  { name: "emailAccounts", icon: IconMail, perDomain: "/email-accounts", needs: ["emails", "dashboard"] },
  { name: "forwarders", icon: IconArrowForwardUp, perDomain: "/forwarders", needs: ["forwarders"] },
  { name: "spamControls", icon: IconShieldHalf, perDomain: "/spam-controls", needs: ["spam"] },
  { name: "accessControl", icon: IconKey, to: "/access-control" },
  { name: "auditLog", icon: IconHistory, to: "/audit-log", needs: "admin" },
  { name: "jobs", icon: IconChecklist, to: "/jobs" },
  { name: "settings", icon: IconSettings, to: "/settings" },
];

export function isPerDomain(section: Section): section is DomainSection {
  return "perDomain" in section;
}

export function mayEnter(me: Me, { needs }: Section): boolean {
  if (needs === undefined) return true;
  if (needs === "admin") return me.is_admin;
  return mayAnywhere(me, ...needs);
}
