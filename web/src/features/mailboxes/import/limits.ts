/** What is possible at once. */

/** The server's own limit of rows. */
export const MAX_ROWS = 1000;
/** Far above a thousand rows: a larger file is something else, chosen by mistake. */
export const MAX_BYTES = 5 * 1024 * 1024;
