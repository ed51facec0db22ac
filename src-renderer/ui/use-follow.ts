import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** A scroll this soon after the reader's own wheel, key or drag is the reader's; any other comes from new lines. */
const OWN_SCROLL_MS = 700;
const AT_END_PX = 8;

/**
 * Keeps the end of a growing list in sight until the reader scrolls away from it, and again once the reader is back at
 * the end. `newest` changes with every new line.
 */
export function useFollow(
  scroller: RefObject<HTMLElement | null>,
  newest: unknown,
): { following: boolean; follow: () => void; leave: () => void } {
  const [following, setFollowing] = useState(true);
  const touched = useRef(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (following && element) element.scrollTo({ top: element.scrollHeight });
  }, [scroller, newest, following]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const touch = (): void => {
      touched.current = performance.now();
    };
    const scroll = (): void => {
      if (performance.now() - touched.current > OWN_SCROLL_MS) return;
      setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < AT_END_PX);
    };
    const drag = (event: PointerEvent): void => {
      if (event.buttons !== 0) touch();
    };
    element.addEventListener('wheel', touch, { passive: true });
    element.addEventListener('keydown', touch);
    element.addEventListener('pointerdown', touch);
    element.addEventListener('pointermove', drag);
    element.addEventListener('scroll', scroll, { passive: true });
    return () => {
      element.removeEventListener('wheel', touch);
      element.removeEventListener('keydown', touch);
      element.removeEventListener('pointerdown', touch);
      element.removeEventListener('pointermove', drag);
      element.removeEventListener('scroll', scroll);
    };
  }, [scroller]);
  const follow = useCallback(() => {
    setFollowing(true);
  }, []);
  const leave = useCallback(() => {
    setFollowing(false);
  }, []);
  return { following, follow, leave };
}
