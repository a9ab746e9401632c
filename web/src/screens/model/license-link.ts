/** Where the text of a licence stands: of a single one that SPDX names; undefined for expressions and licences of one's own. */
export function licenseLink(license: string): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9.+-]*$/.test(license) || license.startsWith("LicenseRef-")) return undefined;
  return `https://spdx.org/licenses/${license.replace(/\+$/, "")}.html`;
}
