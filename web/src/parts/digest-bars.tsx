/**
 * A digest drawn as 32 bars, one a byte, so that two digests can be told apart at a glance. It says nothing that the digits do not.
 *
 * @param digest - hex of 32 bytes, with or without 0x
 */
export function DigestBars({ digest }: { readonly digest: string }) {
  const bytes = digest.replace(/^0x/, "").match(/../g) ?? [];
  return (
    <svg class="bars" viewBox="0 0 128 22" aria-hidden="true" focusable="false" preserveAspectRatio="none">
      {bytes.slice(0, 32).map((byte, i) => {
        const value = Number.parseInt(byte, 16);
        const height = 3 + (value >> 4) * 1.25;
        return <rect key={i} x={i * 4} y={((value & 15) / 15) * (22 - height)} width={2.6} height={height} />;
      })}
    </svg>
  );
}
