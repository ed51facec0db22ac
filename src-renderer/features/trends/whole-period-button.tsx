import { Button } from '../../ui/controls.tsx';

/** The way back from a part of the period that was zoomed to; not there when nothing is. */
export function WholePeriodButton({ zoomed, onClick }: { zoomed: boolean; onClick: () => void }) {
  return (
    zoomed && (
      <Button small onClick={onClick}>
        Whole period
      </Button>
    )
  );
}
