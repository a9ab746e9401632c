const BARS = [14, 8, 18, 11, 20, 7, 15];

/** The sign of the page: bars, as digests are drawn. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 28 22" aria-hidden="true" focusable="false">
      {BARS.map((height, i) => (
        <rect key={i} x={i * 4} y={(22 - height) / 2} width={2.5} height={height} />
      ))}
    </svg>
  );
}
