// Runs in every page that bench/web.py measures: when the view came to rest, how long an interaction took to show.
(() => {
  // The page's text, if nothing is loading. Views without a heading are still on their way.
  const settled = () => {
    const heading = document.querySelector("h1");
    return heading?.checkVisibility() && !document.querySelector("[aria-busy=true]");
  };
  const shown = () =>
    [...document.querySelectorAll("tbody, main [role=status], [role=option], [role=dialog] [role=status]")]
      .map((each) => each.textContent)
      .join("|");

  const bench = { settledAt: null, longTasks: [], took: null };
  window.mxmBench = bench;
  new PerformanceObserver((list) => {
    bench.longTasks.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration })));
  }).observe({ type: "longtask", buffered: true });

  // Some parts begin to load only when others are there: what counts is since when nothing loads any more.
  const watch = () => {
    if (!settled()) bench.settledAt = null;
    else bench.settledAt ??= performance.now();
    requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);

  // Asked from outside: a promise instead of a look again and again, which the app's content security policy refuses.
  const until = (found) =>
    new Promise((resolve, reject) => {
      const late = performance.now() + 30_000;
      const look = () => {
        const value = found();
        if (value !== null) resolve(value);
        else if (performance.now() > late) reject(new Error("nothing came of it in 30 seconds"));
        else requestAnimationFrame(look);
      };
      look();
    });
  bench.rest = () => until(() => (performance.now() - (bench.settledAt ?? Infinity) > 400 ? bench.settledAt : null));
  bench.shown = () => until(() => bench.took);

  // From the next key or click to the frame that shows another text and after which the text stays for ten frames.
  bench.arm = () => {
    const before = shown();
    bench.took = null;
    const start = (event) => {
      const began = event.timeStamp;
      let last = before;
      let changedAt = null;
      let calm = 0;
      const look = () => {
        const now = shown();
        if (now !== last) {
          changedAt = performance.now();
          calm = 0;
        } else calm += 1;
        last = now;
        if (changedAt !== null && calm >= 10 && settled()) bench.took = changedAt - began;
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
      for (const kind of ["keydown", "click"]) document.removeEventListener(kind, start, true);
    };
    for (const kind of ["keydown", "click"]) document.addEventListener(kind, start, true);
  };
})();
