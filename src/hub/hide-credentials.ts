/** Takes user names and passwords out of every URL in a text: what is printed ends in logs. */
export function hideCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi, "$1");
}
