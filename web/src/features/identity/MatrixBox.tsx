/** A box of the matrix. The browser's own: a hundred styled ones would take a noticeable time to draw. */

interface MatrixBoxProps {
  label: string;
  checked: boolean;
  /** Neither all nor none. */
  some?: boolean;
  onChange: (checked: boolean) => void;
}

export function MatrixBox({ label, checked, some = false, onChange }: MatrixBoxProps) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      title={label}
      checked={checked}
      ref={(box) => {
        if (box) box.indeterminate = some;
      }}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
