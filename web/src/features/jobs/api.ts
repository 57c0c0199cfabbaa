/** What other rooms may use. */
export { JobProgress } from "./JobProgress";
export { JobStateBadge } from "./JobStateBadge";
export { isOver, type Job, jobQuery } from "./queries";
export { useKindName } from "./useKindName";
export { useLiveJob } from "./useLiveJob";
