/**
 * Puts a text on the clipboard as a person's own copying does, for which the page needs no permission. Only soon after a click
 * or a key.
 * @returns false where the browser does not let it
 */
export function copyText(text: string): boolean {
  const put = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  document.addEventListener('copy', put, { once: true });
  try {
    // The newer way asks for a permission that the interface does not have.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return document.execCommand('copy');
  } finally {
    document.removeEventListener('copy', put);
  }
}
