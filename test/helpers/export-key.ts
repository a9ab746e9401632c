/** An EC key of tests only: exports that are signed with it are golden files. */
export const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgo+RFIurt7NfBCFRy
ZiuXoHAckPU9UOXB/dFgROlSoeahRANCAAT2SkZOPPxE6KXMVYpQJ0dM9ow0uWDd
mm0X0bFv5AKvN3UyboLbmjBfmPrbgoL65/IrxojXTcvNLRs56tCraQw8
-----END PRIVATE KEY-----
`;

/** An Ed25519 key of tests only, for the same. */
export const TEST_ED25519_KEY = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJg4vWW5MHGoX/2tlAqGyS3f8NxGITzaNPVa3E6n87/0
-----END PRIVATE KEY-----
`;
