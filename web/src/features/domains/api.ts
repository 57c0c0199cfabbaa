/** What other rooms may use. */
export { DomainSwitcher } from "./DomainSwitcher";
export { domainQuery, domainsQuery } from "./queries";
