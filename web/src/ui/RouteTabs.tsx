/** Tabs that are links: each has an address, and the browser's own ways (Back, a new window) work. */
import { createLink, type LinkProps } from "@tanstack/react-router";
import { type AnchorHTMLAttributes, forwardRef } from "react";
import classes from "./tabs.module.css";

interface RouteTabsProps {
  /** What the tabs divide, for screen readers. */
  label: string;
  tabs: ReadonlyArray<{ to: LinkProps["to"]; label: string; params?: object; search?: object; exact?: boolean }>;
}

const TabLink = createLink(
  forwardRef<HTMLAnchorElement, AnchorHTMLAttributes<HTMLAnchorElement>>((props, ref) => (
    <a ref={ref} {...props} className={classes.tab} />
  )),
);

export function RouteTabs({ label, tabs }: RouteTabsProps) {
  return (
    <nav aria-label={label} className={classes.tabs}>
      {tabs.map((tab) => (
        <TabLink
          key={tab.label}
          to={tab.to}
          params={tab.params as never}
          search={tab.search as never}
          // Tabs of one path are told apart by their search parameters.
          activeOptions={{ exact: tab.exact, includeSearch: tab.search !== undefined }}
        >
          {tab.label}
        </TabLink>
      ))}
    </nav>
  );
}
