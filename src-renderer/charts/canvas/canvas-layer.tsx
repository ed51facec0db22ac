import { useEffect, useRef, useState } from 'react';

/** Draws on a canvas of `width` × `height` CSS pixels; the scale of the screen is already set. */
export type Draw = (context: CanvasRenderingContext2D, width: number, height: number) => void;

/** Size of an element in CSS pixels, followed as it changes; zero before it is laid out. */
export function useSize(): [(element: HTMLDivElement | null) => void, { width: number; height: number }] {
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (!element) return;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return [setElement, size];
}

/** A canvas over the whole of its positioned parent, drawn anew at the next frame after `draw` or the size changes. */
export function CanvasLayer({ width, height, draw }: { width: number; height: number; draw: Draw }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element || width === 0 || height === 0) return;
    const frame = requestAnimationFrame(() => {
      const scale = window.devicePixelRatio || 1;
      const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
      if (element.width !== wide) element.width = wide;
      if (element.height !== high) element.height = high;
      const context = element.getContext('2d');
      if (!context) return;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      draw(context, width, height);
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [width, height, draw]);
  return <canvas ref={canvas} className="canvas-layer" style={{ width, height }} aria-hidden="true" />;
}
