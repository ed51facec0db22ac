/** Asks the person at the screen for a file; its absolute path, or null where none is chosen. */
export type FilePicker = () => Promise<string | null>;
