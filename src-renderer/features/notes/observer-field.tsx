import { useApp, useView } from '../../store/context.tsx';

/** Who writes: asked once, kept for all that this person notes, flags and saves. */
export function ObserverField() {
  const { view } = useApp();
  const observer = useView((state) => state.observer);
  return (
    <input
      type="text"
      aria-label="Your name"
      placeholder="Your name"
      maxLength={100}
      value={observer}
      onChange={(event) => {
        view.setState({ observer: event.target.value });
      }}
    />
  );
}
