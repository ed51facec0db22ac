import { useEffect, useRef } from 'react';
import { useApp } from '../../store/context.tsx';
import { nextTheme, type Screen } from '../../store/view.ts';

/** What the `?` sheet lists, by place. */
export const SHORTCUTS: readonly { place: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    place: 'Everywhere',
    keys: [
      ['M', 'Monitor'],
      ['C', 'Camera'],
      ['F', 'Fibers'],
      ['S', 'Spectra of the chosen fiber'],
      ['D', 'CCD images and FITS files'],
      ['H', 'History of exposures and runs'],
      ['G', 'Logs'],
      ['X', 'Trends, conditions, footprint'],
      ['O', 'Night report'],
      ['I', 'Comments and flag of the exposure on screen'],
      ['A', 'Alarms'],
      ['W', 'Across-the-room view, on and off'],
      ['T', 'Theme: dark, light, red'],
      ['Esc', 'Back to the monitor, back to live'],
      ['?', 'This sheet'],
    ],
  },
  {
    place: 'Alarms',
    keys: [
      ['J K', 'Next and previous alarm'],
      ['Enter', 'Acknowledge the chosen one; write a note where it is'],
    ],
  },
  {
    place: 'Monitor',
    keys: [
      ['\u2190 \u2191 \u2192 \u2193', 'Move between cameras'],
      ['Enter', 'Open the camera; outside the grid: why this verdict'],
      ['N', 'Next camera that is off normal'],
      ['V', 'Grid or wedge view'],
      ['L', 'Larger log'],
    ],
  },
  {
    place: 'History',
    keys: [
      ['\u2191 \u2193', 'Move between exposures'],
      ['Enter', 'Open it on the monitor'],
      ['Space', 'Choose it'],
      ['V', 'Compare the two chosen'],
    ],
  },
  {
    place: 'CCD',
    keys: [
      ['\u2190 \u2191 \u2192 \u2193', 'Move the image'],
      ['+ \u2212', 'Larger and smaller'],
      ['0 1', 'Whole image; one pixel a pixel'],
      [', .', 'Previous and next spectrograph, or HDU'],
      ['R', 'Next arm'],
      ['[ ]', 'Older and newer exposure'],
      ['N', 'Next camera that is off normal'],
      ['E', 'Raw, preprocessed, mask'],
      ['V', 'All thirty cameras'],
      ['B', 'Blink with another exposure'],
      ['P Y K L', 'Amplifiers, traces, mask, profiles'],
      ['Q', 'Inverse colours'],
      ['Enter', 'Choose the fiber that is pointed at'],
      ['U', 'Open a FITS file'],
      ['J', 'Data or header of an HDU'],
    ],
  },
  {
    place: 'Camera',
    keys: [
      ['\u2190 \u2192', 'Previous and next spectrograph'],
      ['B R Z', 'Arm'],
      ['[ ]', 'Older and newer exposure'],
      ['J K', 'Next and previous metric'],
      ['N', 'Next camera that is off normal'],
    ],
  },
  {
    place: 'Fibers and spectra',
    keys: [
      ['\u2190 \u2192', 'Previous and next fiber'],
      ['\u2191 \u2193', 'A bundle of 25 fibers on and back'],
      ['B R Z', 'Arm'],
      ['Q', 'Fibers: worst of the three arms, and back'],
      ['V', 'Fibers: focal plane, sky, by fiber'],
      ['J K', 'Fibers: quantity; spectra: smoothing'],
      ['Del', 'Fibers: no lasso'],
      ['+ \u2212 , . 0', 'Spectra: closer, farther, left, right, all'],
      ['E L', 'Spectra: errors, lines'],
      ['Y', 'Spectra: keep this fiber to compare with'],
      ['[ ]', 'Older and newer exposure'],
    ],
  },
];

const TYPING = 'input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable=true]';
/** Elements that need these keys themselves. */
const OWN_KEYS: Readonly<Record<string, string>> = {
  Enter: 'button, a, summary, [role=gridcell], input',
  ' ': 'button, summary, input',
  ArrowLeft: 'input[type=radio], [role=gridcell], .js-plotly-plot',
  ArrowRight: 'input[type=radio], [role=gridcell], .js-plotly-plot',
  ArrowUp: 'input[type=radio], [role=gridcell], [data-scrolls]',
  ArrowDown: 'input[type=radio], [role=gridcell], [data-scrolls]',
};

/**
 * Runs an action for a key (`event.key`, letters in lower case), unless a field is being typed in, a control needs the
 * key itself, or a modifier is held.
 */
export function useShortcuts(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (target instanceof Element) {
        if (target.closest(TYPING) ?? target.closest('dialog')) return;
        const own = OWN_KEYS[key];
        if (own !== undefined && target.closest(own)) return;
      }
      const action = latest.current[key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', listen);
    return () => {
      window.removeEventListener('keydown', listen);
    };
  }, []);
}

/** The keys that hold on every screen. */
export function useShellShortcuts(): void {
  const { view, room } = useApp();
  const go = (screen: Screen) => () => {
    view.setState({ screen, wall: false });
  };
  useShortcuts({
    m: go('monitor'),
    c: go('camera'),
    f: go('fibers'),
    s: go('spectra'),
    d: go('ccd'),
    h: go('history'),
    o: go('report'),
    i: () => {
      view.setState(({ notes }) => ({ notes: !notes }));
    },
    g: go('logs'),
    x: go('trends'),
    a: go('alarms'),
    w: () => {
      view.setState(({ wall }) => ({ wall: !wall }));
    },
    t: () => {
      view.setState(({ theme }) => ({ theme: nextTheme(theme) }));
    },
    '?': () => {
      view.setState({ help: true });
    },
    Escape: () => {
      const { screen, wall } = view.getState();
      if (wall) view.setState({ wall: false });
      else if (screen !== 'monitor') go('monitor')();
      else room.showLive();
    },
  });
}
