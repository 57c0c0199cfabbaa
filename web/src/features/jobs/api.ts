/** What other rooms may use. */
export { CancelJob } from "./CancelJob";
export { JobProgress } from "./JobProgress";
export { JobStateBadge } from "./JobStateBadge";
export { isOver, type Job, jobQuery } from "./queries";
export { importSummary } from "./results";
export { useKindName } from "./useKindName";
export { useLiveJob } from "./useLiveJob";
