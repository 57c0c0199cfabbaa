/** What other rooms may use. */
export { DomainSwitcher } from "./DomainSwitcher";
export { NoDomain } from "./NoDomain";
export { domainQuery, domainsQuery } from "./queries";
