/** What other rooms may use. */
export { type Me, may, mayAnywhere, meQuery, useMe } from "./me";
