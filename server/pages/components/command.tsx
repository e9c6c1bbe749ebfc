/** A command line as it is typed (or an address), and a button that copies it where the browser can. */
export function Command({ text, label, address }: { text: string; label: string; address?: boolean }) {
  return (
    <div class="command">
      <code class={address ? 'address' : undefined}>{text}</code>
      <button type="button" class="button plain copy" data-text={text} aria-label={`Copy ${label}`} hidden>
        Copy
      </button>
    </div>
  );
}
