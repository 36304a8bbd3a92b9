/**
 * The text with `***` in place of the password of each URL in it: `amqp://me:***@host`. A text that
 * is no proper URL is covered up to its last `@`, so that a password with odd characters is too.
 */
export function withoutPassword(text: string): string {
  // A URL alone may hold even a space; among other words a URL ends at one.
  const isAlone = /^[a-z][\w+.-]*:\/\//i.test(text);
  const password = isAlone
    ? /^([a-z][\w+.-]*:\/\/[^\s:/@]*):[\s\S]*@/gi
    : /(\b[a-z][\w+.-]*:\/\/[^\s:/@]*):\S*@/gi;
  return text.replaceAll(password, "$1:***@");
}

export function hasPassword(text: string): boolean {
  return withoutPassword(text) !== text;
}
