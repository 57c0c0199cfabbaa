/** A job as it goes on, over Server-Sent Events. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { isOver, type Job, jobQuery } from "./queries";

const AGAIN_MS = 3000;

interface Live {
  /** The newest state, without the rows of its results; undefined until the first event. */
  job: Job | undefined;
  /** When that was heard, by this clock. */
  at: number;
  /** The stream broke off; it is tried again. */
  broken: boolean;
}

const NOTHING: Live = { job: undefined, at: 0, broken: false };

/** `onEnd` is called once, when the job is seen to have ended. */
export function useLiveJob(id: string, onEnd?: (job: Job) => void): Live {
  const [live, setLive] = useState<Live>(NOTHING);
  const queries = useQueryClient();
  const ended = useEffectEvent((job: Job) => {
    void queries.invalidateQueries({ queryKey: jobQuery(id).queryKey });
    void queries.invalidateQueries({ queryKey: ["jobs", "list"] });
    onEnd?.(job);
  });

  // A stream tells no status: when it was refused since the session has ended, this finds it out.
  const refused = useEffectEvent(() => void queries.invalidateQueries({ queryKey: ["me"] }));

  useEffect(() => {
    let source: EventSource;
    let again: number | undefined;
    const read = (event: MessageEvent<string>) => {
      const job = JSON.parse(event.data) as Job;
      setLive({ job, at: Date.now(), broken: false });
      return job;
    };
    const follow = () => {
      source = new EventSource(`/api/jobs/${encodeURIComponent(id)}/events`);
      source.addEventListener("progress", read);
      source.addEventListener("end", (event) => {
        source.close();
        const job = read(event);
        if (isOver(job)) ended(job);
      });
      source.addEventListener("error", () => {
        setLive((before) => ({ ...before, broken: true }));
        // The browser itself connects again after a break, but not after an answer such as a proxy's 502.
        if (source.readyState !== EventSource.CLOSED) return;
        again = window.setTimeout(follow, AGAIN_MS);
        refused();
      });
    };
    follow();
    return () => {
      window.clearTimeout(again);
      source.close();
      setLive(NOTHING);
    };
  }, [id]);

  return live;
}
