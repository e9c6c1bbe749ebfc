/** Text as Windows has it in memory: UTF-16, with an end mark. Keep the buffer as long as its address is in use. */
export const wide = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le');
