import type { OverlayInk } from '../../charts/ccd/overlay.ts';
import type { Theme } from '../../store/view.ts';

/** A colour (#rgb or #rrggbb) that lets the image through. */
function veil(color: string): string {
  const digits = color.replace('#', '');
  const long = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  return `#${long}b0`;
}

/** Colours that images and what lies over them have in a theme, read from the page once the theme is on. */
export function themeInks(_theme: Theme): { outside: string; nothing: string; mask: string; ink: OverlayInk } {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    outside: token('plot'),
    nothing: token('fault-line'),
    mask: token('div-hi'),
    ink: { line: token('text-2'), strong: token('text-1'), casing: veil(token('bg-0')), fiber: token('d1') },
  };
}
