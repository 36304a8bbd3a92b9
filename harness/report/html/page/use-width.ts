import { useEffect, useState } from "preact/hooks";

/** How wide an element is, in pixels, now and whenever that changes; 0 before it is there. */
export function useWidth(frame: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const place = frame.current;
    if (!place) return;
    const observer = new ResizeObserver(() => setWidth(Math.floor(place.clientWidth)));
    observer.observe(place);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}
