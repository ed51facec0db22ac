/** Why a sleeper was woken: its time has come, something changed, or it is wanted at once. */
export type Wake = 'due' | 'changed' | 'demanded';

export interface AlarmClock {
  /** Sleeps until an instant (ms since the epoch, infinity for ever) or a ring. */
  sleepUntil(instant: number): Promise<Wake>;
  /** Wakes the sleeper. A demand that finds nobody asleep ends the next sleep. */
  ring(reason: 'changed' | 'demanded'): void;
}

/** Node's timers hold no more than this, ms. */
const LONGEST = 2 ** 31 - 1;

/** An alarm clock for one sleeper. */
export function createAlarmClock(): AlarmClock {
  let demands = 0;
  let wake: ((reason: Wake) => void) | null = null;
  return {
    sleepUntil(instant) {
      if (demands > 0) {
        demands -= 1;
        return Promise.resolve('demanded');
      }
      return new Promise((resolve) => {
        const wait = Math.max(0, instant - Date.now());
        const timer = wait < LONGEST ? setTimeout(() => wake?.('due'), wait) : undefined;
        wake = (reason) => {
          clearTimeout(timer);
          wake = null;
          resolve(reason);
        };
      });
    },
    ring(reason) {
      if (wake) wake(reason);
      else if (reason === 'demanded') demands += 1;
    },
  };
}
