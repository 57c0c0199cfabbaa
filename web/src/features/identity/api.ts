/** What other rooms may use. */
export { AdminsOnly, Guard } from "./Guard";
export { type Me, may, mayAnywhere, meQuery, useMe } from "./me";
