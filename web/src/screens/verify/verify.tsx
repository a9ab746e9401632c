export default function VerifyScreen() {
  return (
    <article class="sheet">
      <h1>Verify</h1>
    </article>
  );
}
