// Small comforts. Every page works without this file.

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Times are written in UTC; here they are put into the viewer's own zone. */
function localize(root) {
  for (const element of root.querySelectorAll('time[datetime]')) {
    const date = new Date(element.dateTime);
    if (Number.isNaN(date.getTime())) continue;
    element.title = `${moment.format(date)} (${date.toISOString().slice(0, 16).replace('T', ' ')} UTC)`;
    if (element.dataset.shown === 'moment') element.textContent = moment.format(date);
  }
}

/** Copy buttons are only there when there is a clipboard to copy to. */
function offerCopies(root) {
  if (navigator.clipboard === undefined) return;
  for (const button of root.querySelectorAll('button.copy[hidden]')) button.hidden = false;
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('button.copy');
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.text);
  const before = button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => {
    button.textContent = before;
  }, 2000);
});

/** A file can be chosen instead of pasting its text; it is read here and sent as the text it is. */
function offerFiles(root) {
  for (const input of root.querySelectorAll('input[type="file"][data-fills]')) {
    input.closest('[hidden]')?.removeAttribute('hidden');
    input.addEventListener('change', async () => {
      const [file] = input.files;
      if (file) document.getElementById(input.dataset.fills).value = await file.text();
    });
  }
}

/** On a narrow screen the sections are a strip that scrolls: the one that is open is brought into sight. */
function showSection() {
  const strip = document.querySelector('.sections ul');
  const open = strip?.querySelector('[aria-current]');
  if (open) strip.scrollLeft = open.offsetLeft + open.offsetWidth / 2 - strip.clientWidth / 2;
}

function prepare(root) {
  localize(root);
  offerCopies(root);
  offerFiles(root);
}

prepare(document);
showSection();
document.addEventListener('htmx:after:swap', () => prepare(document));
