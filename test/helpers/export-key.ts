/** An EC key of tests only: exports that are signed with it are golden files. */
export const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgo+RFIurt7NfBCFRy
ZiuXoHAckPU9UOXB/dFgROlSoeahRANCAAT2SkZOPPxE6KXMVYpQJ0dM9ow0uWDd
mm0X0bFv5AKvN3UyboLbmjBfmPrbgoL65/IrxojXTcvNLRs56tCraQw8
-----END PRIVATE KEY-----
`;
