/** A command line as it is typed, and a button that copies it where the browser can. */
export function Command({ text, label }: { text: string; label: string }) {
  return (
    <div class="command">
      <code>{text}</code>
      <button type="button" class="button plain copy" data-text={text} aria-label={`Copy ${label}`} hidden>
        Copy
      </button>
    </div>
  );
}
